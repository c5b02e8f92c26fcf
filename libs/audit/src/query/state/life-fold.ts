import type { JsonObject, JsonValue } from '../../model/json.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import { encodeLinks, isLinkDifference, linkIds } from '../../serialize/entity/links.js';
import { jsonEquals } from '../../serialize/json/canonical-json.js';
import { hidesFrom, isLost } from '../../serialize/json/hides-value.js';
import type { PropertyCodec } from '../../serialize/property/property-codec.js';
import type { LifeChange } from '../../store/audit-store.js';
import { compareEntityIds } from '../terms/entity-id.js';
import type { RecordedGap } from './recorded-gap.js';
import { hides, isDifferent } from './value-difference.js';

/**
 * Follows what changes make of an entity, one after the other. Each also says what it found. Where that is not what was recorded
 * before, something unaudited has written in between: what was found is the later truth, and the difference is a gap.
 */
export class LifeFold {
  readonly values = new Map<string, JsonValue>();
  readonly changedBy = new Map<string, LifeChange>();
  readonly labels = new Map<string, Readonly<Record<string, string>>>();
  readonly gaps: RecordedGap[] = [];
  /** Its creation, or its newest baseline: since then everything is recorded. Undefined when there is neither. */
  told: LifeChange | undefined;
  /** The delete after which the entity was there again without a create; undefined when there is none. */
  deleted: LifeChange | undefined;
  private last: LifeChange | undefined;

  constructor(private readonly codec: EntityCodec) {}

  add(change: LifeChange): void {
    switch (change.operation) {
      case 'update':
        this.find(change);
        this.apply(change);
        break;
      case 'baseline':
        this.find(change);
        this.complete(change);
        break;
      default:
        this.begin(change);
        if (change.operation === 'create') {
          this.apply(change);
        }
    }
    this.last = change;
  }

  /**
   * The values that a change found, of all that it tells of: a delete or a baseline of everything, an update of what it changed.
   * Links that came or went tell only where the links before are known.
   */
  foundBy(change: LifeChange): ReadonlyMap<string, JsonValue> {
    const found = new Map(Object.entries(stateFoundBy(change)));
    for (const path of change.operation === 'update' ? pathsOf(change) : []) {
      const [lost, came] = [change.before?.[path], change.after?.[path]];
      if (isLinkDifference(lost) || isLinkDifference(came)) {
        found.delete(path);
        if (this.told) {
          const known = new Set(linkIds(this.values.get(path))).union(new Set(linkIds(lost)));
          found.set(path, encodeLinks(known.difference(new Set(linkIds(came)))));
        }
      }
    }
    for (const [path, value] of change.operation === 'update' ? [] : this.values) {
      if (!found.has(path) && this.codec.policy.collections.has(path) && linkIds(value)) {
        found.set(path, encodeLinks([]));
      }
    }
    return found;
  }

  /** @param found by the change `by`, in place of what was recorded before */
  believe(path: string, found: JsonValue, by: LifeChange): void {
    const hadNoLinks = this.told && this.codec.policy.collections.has(path);
    const recorded = this.values.get(path) ?? (hadNoLinks ? encodeLinks([]) : undefined);
    const property = this.codec.ofPath(path);
    if (recorded !== undefined && !isSame(recorded, found) && !isMasked(property, recorded, found)) {
      this.gaps.push({ path, recorded, found, since: this.last ?? null, until: by });
      this.changedBy.delete(path);
    }
    // A value that is masked since tells less than what was recorded.
    if (recorded === undefined || !property || !hides(property, found, recorded)) {
      this.values.set(path, found);
    }
  }

  /** Links whose order is not data come in the order of their ids, so that states that have the same links are equal. */
  sortLinks(): void {
    for (const [path, value] of this.values) {
      if (isLinkDifference(value)) {
        this.values.set(path, encodeLinks((linkIds(value) ?? []).toSorted(compareEntityIds)));
      }
    }
  }

  private find(change: LifeChange): void {
    for (const [path, value] of this.foundBy(change)) {
      this.believe(path, value, change);
    }
  }

  /** A value that no change has set was set at some time before. */
  private complete(change: LifeChange): void {
    for (const path of this.values.keys()) {
      if (!this.changedBy.has(path) && !this.gaps.some((gap) => gap.path === path)) {
        this.changedBy.set(path, change);
      }
      this.noteLabels(path, change);
    }
    this.told = change;
  }

  private begin(change: LifeChange): void {
    for (const part of [this.values, this.changedBy, this.labels]) {
      part.clear();
    }
    this.gaps.length = 0;
    const isCreate = change.operation === 'create';
    this.told = isCreate ? change : undefined;
    this.deleted = isCreate ? undefined : change;
  }

  private apply(change: LifeChange): void {
    for (const path of pathsOf(change)) {
      moveValue(this.values, path, change.before?.[path], change.after?.[path]);
      if (!this.told && isLinkDifference(this.values.get(path))) {
        // A part of the links would look like all of them.
        this.values.delete(path);
      }
      this.changedBy.set(path, change);
      this.noteLabels(path, change);
    }
  }

  private noteLabels(path: string, { labels }: LifeChange): void {
    const known = labels?.targets[path];
    if (known) {
      this.labels.set(path, { ...this.labels.get(path), ...known });
    }
  }
}

/** The values that a change says it has found: of a baseline they are all that it tells. */
function stateFoundBy({ operation, before, after }: LifeChange): JsonObject {
  return (operation === 'baseline' ? after : before) ?? {};
}

/**
 * The values that some changes found at first, as far back as the last of them tells: a delete or a baseline tells everything.
 */
export function foundBefore(changes: readonly LifeChange[]): ReadonlyMap<string, JsonValue> {
  const end = changes.at(-1);
  const isWhole = end !== undefined && tellsAll(end);
  const found = new Map(isWhole ? Object.entries(stateFoundBy(end)) : []);
  for (const change of (isWhole ? changes.slice(0, -1) : changes).toReversed()) {
    for (const path of change.operation === 'update' ? pathsOf(change) : []) {
      const [before, after] = [change.before?.[path], change.after?.[path]];
      if (isWhole || !(isLinkDifference(before) || isLinkDifference(after))) {
        moveValue(found, path, after, before);
      }
    }
  }
  return found;
}

/** Whether a change tells all that it found: what it does not have, there was not. */
export function tellsAll({ operation }: LifeChange): boolean {
  return operation === 'delete' || operation === 'baseline';
}

function moveValue(
  values: Map<string, JsonValue>,
  path: string,
  from: JsonValue | undefined,
  to: JsonValue | undefined,
): void {
  if (isLinkDifference(from) || isLinkDifference(to)) {
    const links = new Set(linkIds(values.get(path))).difference(new Set(linkIds(from)));
    values.set(path, encodeLinks(links.union(new Set(linkIds(to)))));
  } else {
    values.set(path, to ?? null);
  }
}

/** The order of links is not compared where it is not data, nor what is hidden with what is not. */
function isSame(one: JsonValue, other: JsonValue): boolean {
  const [ids, others] = [linkIds(one), linkIds(other)];
  return ids && others && (isLinkDifference(one) || isLinkDifference(other))
    ? new Set(ids).symmetricDifference(new Set(others)).size === 0
    : jsonEquals(one, other, one === null || other === null ? isLost : hidesFrom);
}

/** Whether two values differ only by the mask of today. */
function isMasked(property: PropertyCodec | undefined, one: JsonValue, other: JsonValue): boolean {
  return property !== undefined && !isDifferent(property, one, other);
}

function pathsOf({ before, after }: LifeChange): ReadonlySet<string> {
  return new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
}
