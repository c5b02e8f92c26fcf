import {
  type EntityMetadata,
  type EntityProperty,
  type MetadataStorage,
  ReferenceKind,
} from '@mikro-orm/core';
import { propertiesOf } from '../policy/metadata-properties.js';
import { keyText } from '../serialize/entity/key-text.js';
import { textsOfKey } from '../serialize/text/texts-of-key.js';
import type { ConflictLog } from './conflict-log.js';
import { heldAfter, referenceOf } from './held-value.js';
import { declaringMeta, type PlanContext } from './plan-context.js';
import type { RestoreDraft } from './restore-draft.js';
import { columnTexts, type LiveTable } from './row-probe.js';

/** A reference that a draft makes. */
interface Reference {
  readonly draft: RestoreDraft;
  readonly path: string;
  /** Where it holds another value of its target than the key. */
  readonly targetKey?: string | undefined;
  /** The id that it holds. */
  readonly targetId: string;
  readonly key: readonly string[];
}

/**
 * Finds references to what does not exist any more: one query for each table of targets. Entities that the plan creates exist,
 * what it deletes does not.
 */
export async function checkTargets(
  drafts: readonly RestoreDraft[],
  context: PlanContext,
  log: ConflictLog,
): Promise<void> {
  const byTable = new Map<string, { readonly table: LiveTable; readonly found: Reference[] }>();
  const tables = new Map<unknown, number>();
  const metadata = context.instance.policies.orm.getMetadata();
  for (const draft of drafts) {
    for (const [meta, reference] of references(draft, metadata)) {
      const { targetKey } = reference;
      const declaring = targetKey === undefined ? meta : declaringMeta(meta, targetKey);
      const table = context.near(draft.target.policy, declaring);
      const at = tables.get(table.place.table) ?? tables.size;
      tables.set(table.place.table, at);
      const name = JSON.stringify([at, targetKey]);
      const known = byTable.get(name) ?? { table, found: [] };
      known.found.push(reference);
      byTable.set(name, known);
    }
  }
  for (const { table, found } of byTable.values()) {
    const isGone = await goneTargets(table, found, drafts, context);
    const gone = found.filter(isGone);
    for (const [draft, ofDraft] of Map.groupBy(gone, ({ draft: one }) => one)) {
      for (const [path, ofPath] of Map.groupBy(ofDraft, (one) => one.path)) {
        report(
          draft,
          path,
          { type: context.typeOf(table), key: ofPath[0]?.targetKey },
          ofPath.map(({ targetId }) => targetId),
          log,
        );
      }
    }
  }
}

/** Tells of references of one kind which lead to nothing that will exist. */
async function goneTargets(
  table: LiveTable,
  found: readonly Reference[],
  drafts: readonly RestoreDraft[],
  context: PlanContext,
): Promise<(reference: Reference) => boolean> {
  const targetKey = found[0]?.targetKey;
  const held = targetKey === undefined ? table.meta.getPrimaryProps() : [propertyOf(table, targetKey)];
  const planned = new Map(
    drafts
      .filter(({ target }) => targetKey !== undefined && target.policy.table === table.place.table)
      .filter(({ operation, live }) => operation === 'create' || (live && operation !== 'delete'))
      .map((draft) => [heldAfter({ targetKey }, draft), 'update' as const]),
  );
  const operationOn = (id: string) =>
    targetKey === undefined ? context.operationOn(table, id) : planned.get(id);
  const unknown = found.filter(({ targetId }) => operationOn(targetId) === undefined);
  const keys = new Map(unknown.map(({ targetId, key }) => [targetId, key]));
  const hits = await context.probe.find(table, held, [...keys.values()], keys.size);
  const ids = [...keys.keys()];
  const existing = new Set(
    // By another value than its key the plan may delete it, or give it another one.
    hits.flatMap(({ at, entityId }) => (context.draftOf(table, entityId) ? [] : ids[at])),
  );
  return ({ targetId }) => {
    const operation = operationOn(targetId);
    return operation === undefined
      ? !existing.has(targetId)
      : operation === 'delete' || operation === 'missing';
  };
}

function propertyOf({ meta }: LiveTable, name: string): EntityProperty {
  return propertiesOf(meta)[name] as EntityProperty;
}

function* references(
  draft: RestoreDraft,
  metadata: MetadataStorage,
): Generator<readonly [EntityMetadata, Reference]> {
  const { target } = draft;
  for (const [path, stored] of draft.writes) {
    const prop = target.codec.ofPath(path)?.property.prop;
    if (prop?.kind === ReferenceKind.MANY_TO_ONE || prop?.kind === ReferenceKind.ONE_TO_ONE) {
      const { meta, value } = referenceOf(prop, stored, metadata);
      const key = columnTexts(value);
      if (meta && key) {
        yield [meta, { draft, path, targetKey: prop.targetKey, targetId: keyText([value]), key }];
      }
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

function report(
  draft: RestoreDraft,
  path: string,
  { type: targetType, key }: { readonly type: string; readonly key: string | undefined },
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
    message: `"${path}" of ${draft.name} referred to ${targetType}${key === undefined ? '' : ` with ${key}`} ${targetIds.join(', ')}, which does not exist any more; ${acceptable ? remedy : 'it cannot be without'}.`,
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
