/**
 * How a masked value is shown: `redact` hides all of it, `last4` shows the last four characters, `hash` stores a
 * keyed hash (needs the module option `hashKey`), by which equal values can be recognized.
 */
export type MaskKind = 'redact' | 'last4' | 'hash';
