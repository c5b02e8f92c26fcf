import type { UnitOfWork } from '@mikro-orm/core';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import type { CaptureEnvironment } from './capture-environment.js';
import type { EntityValues } from './flush-subject.js';
import { managedEntity } from './managed-entity.js';
import { rootOf, rootOfEntity, rootRelation } from './root-of.js';
import type { RowDraft, SentDraft } from './row-draft.js';
import type { StateReader } from './state-reader.js';

/**
 * Finds out what entities are part of, where neither the change nor the entity at hand tells: those of which nothing but
 * links change, and those that are not wholly loaded. At most one read per class, after the statements.
 */
export async function completeRoots(
  drafts: readonly RowDraft[],
  { policyOf }: CaptureEnvironment,
  unitOfWork: UnitOfWork,
  reader: StateReader,
): Promise<readonly RowDraft[]> {
  const roots = new Map<RowDraft, RowDraft['root']>();
  const unknown: RowDraft[] = [];
  for (const draft of drafts) {
    const relation = draft.root === undefined ? rootRelation(draft.codec.policy) : undefined;
    if (relation && draft.after[relation.name] === undefined && draft.before[relation.name] === undefined) {
      const entity = managedEntity(unitOfWork, draft.codec.policy.meta, draft.entityId);
      const root = entity && rootOfEntity(relation, entity, policyOf);
      if (root === undefined) {
        unknown.push(draft);
      } else {
        roots.set(draft, root);
      }
    }
  }
  for (const [codec, ofClass] of Map.groupBy(unknown, (draft) => draft.codec)) {
    const relation = rootRelation(codec.policy);
    for (const [schema, ofSchema] of Map.groupBy(ofClass, schemaOf)) {
      const keys = ofSchema.map((draft) => keyOf(codec, draft)).filter((key) => key !== undefined);
      const rows = await reader.rowsByKey(codec, keys, 'none', schema);
      for (const draft of relation ? ofSchema : []) {
        const row = rows.get(codec.entityId(keyOf(codec, draft) ?? {}, 'unit-of-work'));
        roots.set(
          draft,
          row && relation
            ? rootOf(relation, codec.encode(relation.name, row[relation.name], 'row'), policyOf)
            : null,
        );
      }
    }
  }
  return roots.size === 0
    ? drafts
    : drafts.map((draft) => (roots.has(draft) ? { ...draft, root: roots.get(draft) ?? null } : draft));
}

function keyOf(codec: EntityCodec, draft: RowDraft | SentDraft): EntityValues | undefined {
  return 'key' in draft ? draft.key : codec.keyOf(draft.entityId);
}

function schemaOf(draft: RowDraft | SentDraft): string | undefined {
  return 'key' in draft ? draft.schema : undefined;
}
