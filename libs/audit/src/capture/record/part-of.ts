import { type EntityMetadata, type EntityProperty, type UnitOfWork } from '@mikro-orm/core';
import type { JsonValue } from '../../model/json.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { keyText } from '../../serialize/entity/key-text.js';
import { entityIn, keyColumnsOf, valueIn } from '../orm/entity-facts.js';
import { entityOfId } from '../orm/identity-map.js';
import type { RowReader } from '../orm/row-reader.js';
import type { Draft } from './draft.js';

/** The entity that another one is part of. */
interface Whole {
  readonly partOfType: string;
  readonly partOfId: string;
}

/** The whole after a change, and the one that the entity left with it. */
export interface Wholes {
  readonly whole: Whole | null;
  readonly partOfIdBefore: string | null;
}

const NO_WHOLES: Wholes = { whole: null, partOfIdBefore: null };

export type PolicyLookup = (meta: EntityMetadata) => EntityPolicy | undefined;

/** The relation that leads to what an entity is part of; undefined when it is part of nothing. */
function partOfRelation({ partOf, meta }: EntityPolicy): EntityProperty | undefined {
  return partOf === null ? undefined : meta.relations.find(({ name }) => name === partOf);
}

/** Whether neither a change nor the values noted with it tell what the entity is part of. */
export function isPartOfUnknown({ codec, partOf, before, after }: Draft): boolean {
  const name = codec.policy.partOf;
  return name !== null && partOf === undefined && before[name] === undefined && after[name] === undefined;
}

/**
 * Finds what entities are part of, where their changes do not tell: those of which nothing but links change, and those
 * that are not wholly loaded. At most one read per class, after the statements.
 */
export async function withPartOf(
  drafts: readonly Draft[],
  unitOfWork: UnitOfWork,
  reader: RowReader,
): Promise<readonly Draft[]> {
  const found = new Map<Draft, JsonValue>();
  const unknown: Draft[] = [];
  for (const draft of drafts.filter(isPartOfUnknown)) {
    const { codec, entity, entityId } = draft;
    const relation = partOfRelation(codec.policy);
    const managed = entity ?? entityOfId(unitOfWork, codec.policy.meta, entityId, codec.policy.schema);
    const key = relation && managed && keyIn(relation, managed);
    if (key === undefined) {
      unknown.push(draft);
    } else {
      found.set(draft, key);
    }
  }
  for (const [codec, ofClass] of Map.groupBy(unknown, (draft) => draft.codec)) {
    const keys = ofClass.map(({ entityId }) => codec.keyOf(entityId)).filter((key) => key !== undefined);
    const rows = await reader.rowsByKey(codec, keys, 'none');
    const name = codec.policy.partOf ?? '';
    for (const draft of ofClass) {
      const row = rows.get(draft.entityId);
      found.set(draft, row ? codec.encode(name, row[name], 'row') : null);
    }
  }
  return drafts.map((draft) => (found.has(draft) ? { ...draft, partOf: found.get(draft) } : draft));
}

/** An entity that is detached from what it was part of stays in the story of what it left. */
export function wholesOf({ codec, operation, partOf, before, after }: Draft, policyOf: PolicyLookup): Wholes {
  const relation = partOfRelation(codec.policy);
  if (!relation) {
    return NO_WHOLES;
  }
  const [was, is] = [before[relation.name], after[relation.name]];
  if (was === undefined && is === undefined) {
    return { whole: wholeAt(relation, partOf ?? null, policyOf), partOfIdBefore: null };
  }
  const left = wholeAt(relation, was ?? null, policyOf);
  const present = wholeAt(relation, is ?? null, policyOf);
  const isMoved =
    operation === 'update' && left !== null && present !== null && left.partOfId !== present.partOfId;
  return { whole: present ?? left, partOfIdBefore: isMoved ? left.partOfId : null };
}

/** The whole that an encoded foreign key leads to; null when it leads nowhere. */
function wholeAt({ targetMeta }: EntityProperty, key: JsonValue, policyOf: PolicyLookup): Whole | null {
  return targetMeta && key !== null
    ? { partOfType: policyOf(targetMeta)?.entityType ?? targetMeta.className, partOfId: keyText([key]) }
    : null;
}

/** The encoded foreign key that an entity has; undefined when it is not loaded. */
function keyIn({ name }: EntityProperty, entity: object): JsonValue | undefined {
  const value = valueIn(entity, name);
  if (value === null) {
    return null;
  }
  const target = entityIn(value);
  return target && keyColumnsOf(target).map(String);
}
