import type { JsonValue } from '../../model/json.js';
import type { GapEdge, StateGap } from '../../model/state-gap.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { keyText } from '../../serialize/entity/key-text.js';
import { linkIds } from '../../serialize/entity/links.js';
import type { LifeChange } from '../../store/audit-store.js';
import type { StoredState } from './life.js';
import type { RecordedGap } from './recorded-gap.js';

/** The state of one entity, with the relations that have been looked up. */
export class PastState {
  /** By name of the relation; null where a to-one relation led nowhere. */
  readonly related = new Map<string, PastState | null | readonly PastState[]>();

  constructor(
    readonly policy: EntityPolicy,
    readonly codec: EntityCodec,
    private readonly stored: StoredState,
  ) {}

  /** The id that it had. */
  get entityId(): string {
    return this.stored.entityId;
  }

  get values(): ReadonlyMap<string, JsonValue> {
    return this.stored.values;
  }

  /** The change that gave a path its value; undefined when it is not recorded. */
  changeOf(path: string): LifeChange | undefined {
    const { changedBy, gaps, told } = this.stored;
    // A relation that never had links has been without them since then.
    return changedBy.get(path) ?? (gaps.some((gap) => gap.path === path) ? undefined : told);
  }

  /** Its creation, or its newest baseline: since then everything is recorded. Undefined when there is neither. */
  get told(): LifeChange | undefined {
    return this.stored.told;
  }

  /** Labels of the entities that a relation names, by entity id, as they were when it came to name them. */
  labelsOf(path: string): Readonly<Record<string, string>> | undefined {
    return this.stored.labels.get(path);
  }

  /** Writes that are not recorded, oldest first. */
  get recordedGaps(): readonly RecordedGap[] {
    return this.stored.gaps;
  }

  /** Those that the values of the state come from. */
  get openGaps(): readonly RecordedGap[] {
    return this.stored.gaps.filter(({ path }) => !this.stored.changedBy.has(path));
  }

  /** Everything that the trail does not know of the state, see `gapsOf`. */
  get gaps(): readonly StateGap[] {
    const since = this.unknownSince && edgeOf(this.unknownSince);
    return [
      ...this.unknown.map((path): StateGap => ({ path, kind: 'unknown', since, until: null })),
      ...this.recordedGaps.map((gap): StateGap => {
        const { path, since: before, until } = gap;
        return { path, kind: 'unrecorded', since: before && edgeOf(before), until: edgeOf(until) };
      }),
    ];
  }

  /** Properties and relations whose value is not known. */
  get unknown(): readonly string[] {
    return this.stored.unknown;
  }

  /** The delete since which they are unknown; null when it is the beginning that is not recorded. */
  get unknownSince(): LifeChange | null {
    return this.stored.unknownSince;
  }

  /** The key as a foreign key to the entity has it. */
  get keyValue(): JsonValue {
    const parts = this.policy.meta.primaryKeys.flatMap((name) => this.values.get(name) ?? null);
    return parts.length === 1 ? (parts[0] ?? null) : parts;
  }

  /** The id of the entity that a foreign key leads to; null when it leads nowhere. */
  targetId(path: string): string | null {
    const value = this.values.get(path) ?? null;
    return value === null ? null : keyText([value]);
  }

  /** The ids of the links of a relation. */
  linksOf(name: string): readonly string[] {
    return linkIds(this.values.get(name)) ?? [];
  }
}

function edgeOf({ revision: { id, recordedAt } }: LifeChange): GapEdge {
  return { revisionId: id, recordedAt };
}
