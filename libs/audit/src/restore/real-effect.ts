import { Cascade, ReferenceKind } from '@mikro-orm/core';
import { RowMap } from '../model/row-map.js';
import { propertiesOf } from '../policy/metadata-properties.js';
import { keyText } from '../serialize/entity/key-text.js';
import { textsOfKey } from '../serialize/text/texts-of-key.js';
import { declaringMeta, type PlanContext } from './plan-context.js';
import { effectOf, letsGo, referencesTo } from './reference-check.js';
import type { RestoreDraft } from './restore-draft.js';
import type { AffectedRow } from './restore-guard.js';
import { rowOf } from './restore-target.js';
import { columnTexts, type LiveTable } from './row-probe.js';

/** A reader who may restore only a part looks at no more rows behind one delete. */
const MOST_ROWS = 2_000;

/** The columns of the keys of some rows, as texts. */
type Keys = readonly (readonly string[])[];

/** Rows that are deleted, by table. */
type Level = Map<unknown, { readonly table: LiveTable; readonly keys: Keys }>;

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
  let level: Level = new Map();
  for (const draft of drafts) {
    if (draft.operation === 'delete') {
      const { policy, entityId } = draft.target;
      add(level, { meta: policy.meta, place: policy }, entityId);
      for (const row of await removedWith(draft, context)) {
        if (context.draftOf(row.table, row.entityId)?.operation !== 'delete') {
          found.push(row);
          add(level, row.table, row.entityId);
        }
      }
    }
  }
  while (level.size > 0) {
    const next: Level = new Map();
    for (const { table: deleted, keys } of level.values()) {
      for await (const { table, prop } of referencesTo(deleted, context)) {
        const effect = effectOf(prop, context);
        const hits =
          effect === 'refused'
            ? []
            : await context.probe.referring(deleted, table, prop, keys, MOST_ROWS + 1, locks);
        for (const { entityId } of hits) {
          const row = rowOf(table.place, entityId);
          if (!seen.has(row) && !letsGo(table, prop, entityId, context)) {
            seen.set(row, true);
            found.push({ table, entityId });
            if (effect === 'deleted') {
              add(next, table, entityId);
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

async function removedWith(
  { target, live }: RestoreDraft,
  context: PlanContext,
): Promise<readonly AffectedRow[]> {
  const found: AffectedRow[] = [];
  for (const { kind, name, cascade, targetMeta, targetKey } of target.policy.meta.relations) {
    const isToOne = kind === ReferenceKind.MANY_TO_ONE || kind === ReferenceKind.ONE_TO_ONE;
    const isRemoved = cascade?.some((one) => one === Cascade.REMOVE || one === Cascade.ALL);
    const path = target.codec.properties.get(name)?.property.path ?? name;
    const key = live?.values.get(path) ?? null;
    if (isToOne && isRemoved && targetMeta && key !== null) {
      const held = targetKey === undefined ? undefined : propertiesOf(targetMeta)[targetKey];
      const table = context.near(target.policy, held ? declaringMeta(targetMeta, held.name) : targetMeta);
      const ids = held
        ? (await context.probe.find(table, [held], [columnTexts(key) ?? []], 1)).map((hit) => hit.entityId)
        : [keyText([key])];
      found.push(...ids.map((entityId) => ({ table, entityId })));
    }
  }
  return found;
}

function add(level: Level, { meta: { root }, place }: LiveTable, id: string): void {
  const columns = root.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
  const key = textsOfKey(id, columns.length);
  if (key) {
    const known = level.get(place.table);
    level.set(place.table, { table: { meta: root, place }, keys: [...(known?.keys ?? []), key] });
  }
}
