import type { JsonValue } from '../model/json.js';
import type { RowName } from '../model/row-map.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { RowPlace } from '../policy/row-schema.js';
import type { RecordedGap } from '../query/state/recorded-gap.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { MaskedValue } from '../serialize/json/mask.js';
import type { StoredChange } from '../store/audit-store.js';

/** The state that one entity is to have. */
export interface RestoreTarget {
  readonly policy: EntityPolicy;
  readonly codec: EntityCodec;
  readonly entityId: string;
  /** `partial`: it must exist, and only the values that are given are meant. */
  readonly goal: 'present' | 'partial' | 'absent';
  /** Stored JSON by path; a relation as a whole list of ids, or as the difference that undoes a change. */
  readonly values: ReadonlyMap<string, JsonValue | LinkUndo>;
  /** The change that is undone; null when an earlier state is restored. */
  readonly undone: StoredChange | null;
  /** The changes whose values are restored, by path: what is newer came since. Empty when a change is undone. */
  readonly restoredChanges: ReadonlyMap<string, StoredChange>;
  /** Unrecorded writes that values come from. */
  readonly gaps: readonly RecordedGap[];
}

/** Links that a change took away and brought. */
export class LinkUndo {
  constructor(
    readonly lost: readonly string[],
    readonly came: readonly string[],
    /** All links before, where their order is data: each that was lost comes back behind those that it was behind. */
    private readonly order: readonly string[] = [],
  ) {}

  /** The links after undoing. */
  applyTo(links: readonly string[]): readonly string[] {
    const undone = [...new Set(links).difference(new Set(this.came))];
    for (const id of this.lost.filter((one) => !undone.includes(one))) {
      const place = this.order.indexOf(id);
      const ahead = new Set(this.order.slice(0, Math.max(place, 0)));
      const at = place < 0 ? undone.length : undone.findLastIndex((one) => ahead.has(one)) + 1;
      undone.splice(at, 0, id);
    }
    return undone;
  }
}

/** The row of an entity. Classes that share a table share its keys. */
export function rowOf({ table }: Pick<RowPlace, 'table'>, entityId: string): RowName {
  return { table, text: entityId };
}

/** Whether the trail hides the links that a relation is to have. */
export function areHidden({ values, codec }: RestoreTarget, relation: string): boolean {
  const value = values.get(relation);
  return (
    value !== undefined &&
    !(value instanceof LinkUndo) &&
    codec.decodePath(relation, value) instanceof MaskedValue
  );
}
