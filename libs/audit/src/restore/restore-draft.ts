import type { JsonValue } from '../model/json.js';
import type { RestoreOperation } from '../model/restore-plan.js';
import type { LiveEntity } from './live-reader.js';
import type { RestoreTarget } from './restore-target.js';
import type { TrailPresence } from './trail-presence.js';

/** A value that the caller knows and the trail does not. */
export interface GivenValue {
  readonly value: unknown;
  /** Unmasked JSON; null for a property that is not audited. */
  readonly stored: JsonValue;
}

/** The effect of restoring on one entity, in the making. */
export class RestoreDraft {
  operation: RestoreOperation | 'none' = 'none';
  /** Stored JSON that is to be written, by path. */
  readonly writes = new Map<string, JsonValue>();
  /** Whole lists of ids that relations are to have. */
  readonly links = new Map<string, readonly string[]>();

  /** Paths of which the given value is taken. */
  readonly taken = new Set<string>();

  constructor(
    readonly target: RestoreTarget,
    /** Null when it does not exist. */
    readonly live: LiveEntity | null,
    readonly trail: TrailPresence,
    /** By path. */
    readonly given: ReadonlyMap<string, GivenValue> = new Map(),
  ) {}

  /** When everything is checked: an update without anything to write is none. */
  settle(): void {
    if (this.operation === 'update' && this.writes.size === 0 && this.links.size === 0) {
      this.operation = 'none';
    }
  }

  /** For messages. */
  get name(): string {
    return `${this.target.policy.entityType} ${this.target.entityId}`;
  }

  /** The coming value of a path, of rows that are going to exist; undefined when it is not known. */
  valueAfter(path: string): JsonValue | undefined {
    const written = this.writes.get(path);
    return written === undefined && this.operation !== 'create' ? this.live?.values.get(path) : written;
  }
}
