import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { keyText } from '../serialize/entity/key-text.js';
import { textsOfKey } from '../serialize/text/texts-of-key.js';
import type { ConflictLog } from './conflict-log.js';
import type { PlanContext } from './plan-context.js';
import type { RestoreDraft } from './restore-draft.js';
import { columnTexts, type LiveTable } from './row-probe.js';

/** What a draft makes refer to something. */
interface Reference {
  readonly draft: RestoreDraft;
  readonly path: string;
  readonly targetId: string;
  readonly key: readonly string[];
}

/**
 * Finds references to what does not exist any more: one query for each table of targets. What the plan creates exists,
 * what it deletes does not.
 */
export async function checkTargets(
  drafts: readonly RestoreDraft[],
  context: PlanContext,
  log: ConflictLog,
): Promise<void> {
  const byTable = new Map<unknown, { readonly table: LiveTable; readonly found: Reference[] }>();
  for (const draft of drafts) {
    for (const [meta, reference] of references(draft)) {
      const table = context.near(draft.target.policy, meta);
      const known = byTable.get(table.place.table) ?? { table, found: [] };
      known.found.push(reference);
      byTable.set(table.place.table, known);
    }
  }
  for (const { table, found } of byTable.values()) {
    const unknown = found.filter(({ targetId }) => context.operationOn(table, targetId) === undefined);
    const keys = new Map(unknown.map(({ targetId, key }) => [targetId, key]));
    const hits = await context.probe.find(table, table.meta.getPrimaryProps(), [...keys.values()], keys.size);
    const ids = [...keys.keys()];
    const existing = new Set(hits.map(({ at }) => ids[at]));
    const gone = found.filter(({ targetId }) => {
      const planned = context.operationOn(table, targetId);
      return planned === undefined ? !existing.has(targetId) : planned === 'delete' || planned === 'missing';
    });
    for (const [draft, ofDraft] of Map.groupBy(gone, ({ draft: one }) => one)) {
      for (const [path, ofPath] of Map.groupBy(ofDraft, (one) => one.path)) {
        report(
          draft,
          path,
          context.typeOf(table),
          ofPath.map(({ targetId }) => targetId),
          log,
        );
      }
    }
  }
}

function* references(draft: RestoreDraft): Generator<readonly [EntityMetadata, Reference]> {
  const { target } = draft;
  for (const [path, value] of draft.writes) {
    const prop = target.codec.ofPath(path)?.property.prop;
    const key = prop && isCheckable(prop) ? columnTexts(value) : null;
    if (prop?.targetMeta && key) {
      yield [prop.targetMeta, { draft, path, targetId: keyText([value]), key }];
    }
  }
  for (const [path, ids] of draft.links) {
    const prop = target.policy.collections.get(path)?.prop;
    const already = new Set(draft.live?.links.get(path));
    for (const targetId of prop?.targetMeta ? ids.filter((id) => !already.has(id)) : []) {
      const columns = (prop?.targetMeta?.getPrimaryProps() ?? []).flatMap(({ fieldNames }) => fieldNames);
      const key = textsOfKey(targetId, columns.length);
      if (prop?.targetMeta && key) {
        yield [prop.targetMeta, { draft, path, targetId, key }];
      }
    }
  }
}

/** A reference to another column than the key, or to one of several classes, is left to the database. */
function isCheckable({ kind, polymorphic, targetKey }: EntityProperty): boolean {
  return (
    (kind === ReferenceKind.MANY_TO_ONE || kind === ReferenceKind.ONE_TO_ONE) && !polymorphic && !targetKey
  );
}

function report(
  draft: RestoreDraft,
  path: string,
  targetType: string,
  targetIds: readonly string[],
  log: ConflictLog,
): void {
  const { target } = draft;
  const links = draft.links.get(path);
  const isNullable = target.codec.ofPath(path)?.property.prop.nullable === true;
  const acceptable = links !== undefined || isNullable;
  const remedy = links ? 'accepted, these links are left out' : 'accepted, it becomes null';
  const isAccepted = log.block(target, path, {
    acceptable,
    kind: 'target-gone',
    targetType,
    targetIds,
    message: `"${path}" of ${draft.name} referred to ${targetType} ${targetIds.join(', ')}, which does not exist any more; ${acceptable ? remedy : 'it cannot be without'}.`,
  });
  if (isAccepted && links) {
    draft.links.set(
      path,
      links.filter((id) => !targetIds.includes(id)),
    );
  } else if (isAccepted) {
    draft.writes.set(path, null);
  }
}
