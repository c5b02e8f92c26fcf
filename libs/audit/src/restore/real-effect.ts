import { Cascade, type EntityMetadata, ReferenceKind } from '@mikro-orm/core';
import { RowMap } from '../model/row-map.js';
import { keyText } from '../serialize/entity/key-text.js';
import { textsOfKey } from '../serialize/text/texts-of-key.js';
import type { PlanContext } from './plan-context.js';
import { effectOf, letsGo, referencesTo } from './reference-check.js';
import type { RestoreDraft } from './restore-draft.js';
import type { AffectedRow } from './restore-guard.js';

/** Whoever may restore only a part looks at no more rows behind one delete. */
const MOST_ROWS = 2_000;

/** The columns of the keys of some rows, as texts. */
type Keys = readonly (readonly string[])[];

/**
 * The rows that the database deletes together with what the plan deletes, level by level, and those that it detaches: by
 * the foreign keys that MikroORM knows, one query for each and level. Rows that the database refuses to delete stay as they are.
 * And those that MikroORM itself deletes, because a reference to them has `Cascade.REMOVE`.
 * @param locks whether they must stay as they are until the transaction ends
 * @returns null when there are more than anybody can look at
 */
export async function realEffect(
  drafts: readonly RestoreDraft[],
  context: PlanContext,
  locks: boolean,
): Promise<readonly AffectedRow[] | null> {
  const found: AffectedRow[] = [];
  const seen = new RowMap<true>();
  let level = new Map<EntityMetadata, Keys>();
  for (const draft of drafts) {
    if (draft.operation === 'delete') {
      add(level, draft.target.policy.meta.root, draft.target.entityId);
      for (const row of removedWith(draft)) {
        if (context.draftOf(row.meta, row.entityId)?.operation !== 'delete') {
          found.push(row);
          add(level, row.meta.root, row.entityId);
        }
      }
    }
  }
  while (level.size > 0) {
    const next = new Map<EntityMetadata, Keys>();
    for (const [root, keys] of level) {
      for (const { meta, prop } of referencesTo(root.class, context)) {
        const effect = effectOf(prop, context);
        const hits =
          effect === 'refused' ? [] : await context.probe.find(meta, [prop], keys, MOST_ROWS + 1, locks);
        for (const { entityId } of hits) {
          const row = { table: meta.root.class, text: entityId };
          if (!seen.has(row) && !letsGo(meta, prop, entityId, context)) {
            seen.set(row, true);
            found.push({ meta, entityId });
            if (effect === 'deleted') {
              add(next, meta.root, entityId);
            }
          }
        }
        if (found.length > MOST_ROWS) {
          return null;
        }
      }
    }
    level = next;
  }
  return found;
}

function removedWith({ target, live }: RestoreDraft): readonly AffectedRow[] {
  return target.policy.meta.relations.flatMap(({ kind, name, cascade, targetMeta }) => {
    const isToOne = kind === ReferenceKind.MANY_TO_ONE || kind === ReferenceKind.ONE_TO_ONE;
    const isRemoved = cascade?.some((one) => one === Cascade.REMOVE || one === Cascade.ALL);
    const path = target.codec.properties.get(name)?.property.path ?? name;
    const key = live?.values.get(path) ?? null;
    return isToOne && isRemoved && targetMeta && key !== null
      ? [{ meta: targetMeta, entityId: keyText([key]) }]
      : [];
  });
}

function add(level: Map<EntityMetadata, Keys>, root: EntityMetadata, id: string): void {
  const columns = root.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
  const key = textsOfKey(id, columns.length);
  if (key) {
    level.set(root, [...(level.get(root) ?? []), key]);
  }
}
