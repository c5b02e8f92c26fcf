/**
 * Whether this is `npm run test:soak`. It tries in full, with a million changes and every combination, what `npm test`
 * tries a telling part of.
 */
export const isSoak = process.env.AUDIT_SOAK !== undefined;
