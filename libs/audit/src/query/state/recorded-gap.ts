import type { JsonValue } from '../../model/json.js';
import type { LifeChange } from '../../store/audit-store.js';

/** A write of a property that is not recorded: what one change left is not what the next one found. */
export interface RecordedGap {
  readonly path: string;
  readonly recorded: JsonValue;
  /** The value that is believed from then on. */
  readonly found: JsonValue;
  /** The change of the entity after which it was written; null when none is recorded. */
  readonly since: LifeChange | null;
  /** The change that found it. */
  readonly until: LifeChange;
}
