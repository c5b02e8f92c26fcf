import { InvalidCoverageError } from '../../errors/coverage-errors.js';
import type { CheckOptions } from './check-options.js';

/** The action of what is written to correct the trail. */
export const CORRECTION = 'audit.correct';
/** For messages. */
export const METHOD = 'AuditCheck.run';

/** @throws InvalidCoverageError for an invalid option */
export function assertCheckOptions({ sample, since, maxFindings, record, readFrom }: CheckOptions): void {
  const refuse = (option: string, legal: string): never => {
    throw new InvalidCoverageError(METHOD, option, 'is invalid', `Give ${legal}.`);
  };
  if (sample !== undefined && !(sample > 0 && sample <= 1)) {
    refuse('sample', 'a number above 0 and up to 1');
  }
  if (since !== undefined && !/^\d{1,19}$/.test(since)) {
    refuse('since', 'the position of an earlier check');
  }
  if (maxFindings !== undefined && !(Number.isInteger(maxFindings) && maxFindings >= 0)) {
    refuse('maxFindings', 'a whole number from 0 on');
  }
  if (record !== undefined && (typeof record.reason !== 'string' || record.reason.trim() === '')) {
    refuse('record', 'a reason, for whoever reads the corrections');
  }
  if (readFrom !== undefined && readFrom !== 'primary' && !(readFrom === 'replica' && record === undefined)) {
    refuse('readFrom', "'primary', or 'replica' without record");
  }
}
