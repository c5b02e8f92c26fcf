import { AuditConfigurationError } from '../../errors/configuration-error.js';

/** How much the requests of one reader may cost. */
export interface HttpLimits {
  /**
   * Milliseconds for which the database may read for an answer, for a batch of an export and for a look at what is new, from
   * 100 to 600,000. Then the statement is cancelled on the server, and the answer is a 422.
   * @default 5000
   */
  readonly readMilliseconds?: number;
  /**
   * Event streams that one reader may have open in this process, from 1 to 1,000; one more is a 429.
   * @default 10
   */
  readonly eventStreams?: number;
  /**
   * Exports and manifests that may run at a time for one reader in this process, from 1 to 1,000; one more is a 429.
   * @default 4
   */
  readonly exports?: number;
  /**
   * Requests that may be refused to one reader within a minute in this process (403 and 404), from 1 to 100,000; each leaves a
   * revision. Then all that are recorded are a 429 until the minute is over, and the trail says so once.
   * @default 100
   */
  readonly refusals?: number;
  /**
   * Changes, and revisions without any, that an export or manifest has at most, from 1 to 1,000,000,000. A longer one is
   * truncated, and says so.
   * @default 1,000,000
   */
  readonly exportRows?: number;
  /**
   * Milliseconds for which the database may read for an export or manifest as a whole, from 100 to 86,400,000. One that takes
   * longer is truncated, and says so.
   * @default 300,000, five minutes
   */
  readonly exportMilliseconds?: number;
}

/** Injection token of the limits with their defaults. */
export const HTTP_LIMITS = Symbol('nestjs-mikro-audit:http-limits');

const DEFAULTS: Required<HttpLimits> = {
  readMilliseconds: 5_000,
  eventStreams: 10,
  exports: 4,
  refusals: 100,
  exportRows: 1_000_000,
  exportMilliseconds: 300_000,
};

const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  readMilliseconds: [100, 600_000],
  eventStreams: [1, 1_000],
  exports: [1, 1_000],
  refusals: [1, 100_000],
  exportRows: [1, 1_000_000_000],
  exportMilliseconds: [100, 86_400_000],
};

/** @throws AuditConfigurationError for a limit that there is not, or that is out of its range */
export function limitsWithDefaults(given: HttpLimits): Required<HttpLimits> {
  for (const [name, limit] of Object.entries(given) as [string, unknown][]) {
    const range = Object.hasOwn(RANGES, name) ? RANGES[name] : undefined;
    if (!range) {
      throw new AuditConfigurationError(
        `AuditHttpModule does not know the limit "${name}".`,
        `Use one of: ${Object.keys(RANGES).join(', ')}.`,
      );
    }
    const [least, most] = range;
    if (!Number.isInteger(limit) || Number(limit) < least || Number(limit) > most) {
      throw new AuditConfigurationError(
        `The limit ${name} of AuditHttpModule is no whole number from ${least} to ${most}.`,
        'Give one, or leave it out.',
      );
    }
  }
  return { ...DEFAULTS, ...given };
}
