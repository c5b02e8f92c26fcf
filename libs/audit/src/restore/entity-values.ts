import {
  type EntityManager,
  type EntityMetadata,
  type EntityProperty,
  ReferenceKind,
  ScalarReference,
} from '@mikro-orm/core';
import type { JsonValue } from '../model/json.js';
import { propertiesOf } from '../policy/metadata-properties.js';
import type { RestoreDraft } from './restore-draft.js';

/** An entity whose properties are set by name. */
export type Assignable = Record<string, unknown>;

/** The values to assign to an entity, by property of the entity itself; relations are left as stored JSON. */
export interface EntityAssignment {
  /** Scalars, and embeddables as plain objects. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly references: readonly { readonly prop: EntityProperty; readonly key: JsonValue }[];
}

/** Turns what is to be written into the form that an entity has: decoded, embeddables nested. */
export function assignmentOf(draft: RestoreDraft): EntityAssignment {
  const { codec } = draft.target;
  const values: Record<string, unknown> = {};
  const references: { prop: EntityProperty; key: JsonValue }[] = [];
  for (const [path, value] of draft.writes) {
    const property = codec.ofPath(path);
    const prop = property?.property.prop;
    if (!property || !prop) {
      continue;
    }
    if (prop.embedded) {
      const outermost = outermostOf(draft, prop);
      values[outermost.name] ??= embeddedValue(draft, outermost);
    } else if (prop.kind === ReferenceKind.MANY_TO_ONE || prop.kind === ReferenceKind.ONE_TO_ONE) {
      references.push({ prop, key: value });
    } else {
      values[prop.name] = draft.taken.has(path) ? draft.given.get(path)?.value : property.decode(value);
    }
  }
  for (const path of draft.taken) {
    if (!draft.writes.has(path)) {
      values[path] = draft.given.get(path)?.value;
    }
  }
  return { values, references };
}

function outermostOf({ target }: RestoreDraft, prop: EntityProperty): EntityProperty {
  const properties = propertiesOf(target.policy.meta);
  let outer = prop;
  while (outer.embedded) {
    outer = properties[outer.embedded[0]] as EntityProperty;
  }
  return outer;
}

/**
 * An embeddable whose members have columns of their own, with the members that are written. Null where MikroORM reads
 * null: when it may be, and no member is going to have a value.
 */
function embeddedValue(draft: RestoreDraft, prop: EntityProperty): Record<string, unknown> | null {
  const members: Record<string, unknown> = {};
  let isEmpty = true;
  for (const child of Object.values(prop.embeddedProps) as EntityProperty[]) {
    const name = child.embedded?.[1] ?? child.name;
    const codec = draft.target.codec.properties.get(child.name);
    if (codec) {
      const { path } = codec.property;
      const written = draft.writes.get(path);
      isEmpty &&= (draft.valueAfter(path) ?? null) === null;
      if (written !== undefined) {
        members[name] = draft.taken.has(path) ? draft.given.get(path)?.value : codec.decode(written);
      }
    } else if (child.kind === ReferenceKind.EMBEDDED) {
      const inner = embeddedValue(draft, child);
      isEmpty &&= inner === null;
      members[name] = inner;
    }
  }
  return isEmpty && prop.nullable ? null : members;
}

/** Sets properties as MikroORM reads them; members of an embeddable that are not among the values stay. */
export function assignValues(
  em: EntityManager,
  entity: Assignable,
  meta: EntityMetadata,
  values: readonly (readonly [string, unknown])[],
): void {
  const properties = propertiesOf(meta);
  for (const [name, value] of values) {
    const prop = properties[name];
    if (prop?.targetMeta) {
      // An embeddable that is stored as JSON is replaced as a whole.
      const mergeEmbeddedProperties = !prop.object && !prop.array;
      em.assign(entity, { [name]: value }, { mergeEmbeddedProperties });
    } else {
      entity[name] = prop?.ref ? new ScalarReference(value) : value;
    }
  }
}
