import type { JsonValue } from '../../model/json.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { AuditedInstance } from '../../query/terms/audit-catalog.js';
import { objectFromPairs } from '../../serialize/json/json-shape.js';
import { encodeMembers } from '../../serialize/json/value-tags.js';
import { HIDDEN } from '../access/hidden-paths.js';
import type { ReaderAccess } from '../access/reader-access.js';
import { storedValue, wireJson } from './wire-value.js';

/** The state of an entity, as the API shows it. */
export type StateView = Readonly<Record<string, JsonValue>>;

type Member = readonly [name: string, value: JsonValue];

/** Shows states of one entity class as one reader may see them, also those of looked up relations. */
export class StateViews {
  constructor(
    private readonly reader: ReaderAccess,
    private readonly instance: AuditedInstance,
  ) {}

  /** @param family the class and its subclasses, of one of which the state is */
  view(state: object, family: readonly EntityPolicy[]): StateView {
    return objectFromPairs(
      this.visible(state, family).map(([name, value]) => [name, wireJson(value)] as const),
    );
  }

  /** Which subclass it is a state of cannot be told, so what is hidden of any of them is hidden. */
  private visible(state: object, family: readonly EntityPolicy[]): readonly Member[] {
    return Object.entries(state).map(([name, value]) => {
      const shown = family.reduce<JsonValue>(
        (left, { entityType }) => this.reader.hiddenOf(entityType).apply(name, left),
        this.related(name, value, family),
      );
      return [name, shown];
    });
  }

  /** A member in stored form, looked up states in place of keys. */
  private related(name: string, value: unknown, family: readonly EntityPolicy[]): JsonValue {
    const relations = family.flatMap(({ meta }) => meta.relations.filter((prop) => prop.name === name));
    const targets = relations.flatMap(({ polymorphic, targetMeta }) =>
      !polymorphic && targetMeta ? this.instance.policies.family(targetMeta.class) : [],
    );
    if (targets.length === 0) {
      return storedValue(value);
    }
    const maySee = targets.every(({ entityType }) => this.reader.mayOn('values', entityType));
    const one = (item: unknown): JsonValue => {
      if (!isState(item)) {
        return storedValue(item);
      }
      return maySee ? encodeMembers(this.visible(item, targets)) : HIDDEN;
    };
    return Array.isArray(value) ? value.map(one) : one(value);
  }
}

/** A looked up state, as opposed to a key. */
function isState(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
