import { type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { ConflictOf } from '../model/restore-conflict.js';
import { jsonEquals } from '../serialize/json/canonical-json.js';
import type { ConflictLog } from './conflict-log.js';
import type { PlanContext } from './plan-context.js';
import type { RestoreDraft } from './restore-draft.js';
import type { LiveTable } from './row-probe.js';

const SHOWN = 10;

/**
 * Finds rows that refer to what the plan deletes: one query for each foreign key to it.
 * @param mayAccept whether everything that the database would do to such rows, and to those behind them, is allowed
 */
export async function checkReferences(
  drafts: readonly RestoreDraft[],
  context: PlanContext,
  log: ConflictLog,
  mayAccept: boolean,
): Promise<void> {
  const deleted = drafts.filter(({ operation }) => operation === 'delete');
  for (const ofTable of Map.groupBy(deleted, ({ target }) => target.policy.table).values()) {
    for (const { policy } of ofTable.slice(0, 1).map(({ target }) => target)) {
      const referred = { meta: policy.meta.root, place: policy };
      for await (const { table, prop } of referencesTo(referred, context)) {
        await checkReference(referred, table, prop, ofTable, drafts.length, context, log, mayAccept);
      }
    }
  }
}

async function checkReference(
  referred: LiveTable,
  table: LiveTable,
  prop: EntityProperty,
  deleted: readonly RestoreDraft[],
  planned: number,
  context: PlanContext,
  log: ConflictLog,
  mayAccept: boolean,
): Promise<void> {
  const keys = deleted.map(({ target }) =>
    Object.values(target.codec.keyOf(target.entityId) ?? {})
      .flat()
      .map(String),
  );
  const hits = await context.probe.referring(referred, table, prop, keys, planned + deleted.length * SHOWN);
  for (const [at, ofTarget] of Map.groupBy(hits, (hit) => hit.at)) {
    const draft = deleted[at];
    const left = ofTarget.filter(({ entityId }) => draft && !letsGo(table, prop, entityId, context));
    if (draft && left.length > 0) {
      const ids = left.map(({ entityId }) => entityId);
      report(draft, prop, await shownRows(table, ids, context), effectOf(prop, context), log, mayAccept);
    }
  }
}

/** As much as may be told of rows that refer to something. */
interface ShownRows {
  readonly fromType: string | null;
  readonly fromIds: readonly string[];
}

async function shownRows(table: LiveTable, ids: readonly string[], context: PlanContext): Promise<ShownRows> {
  const seen = (await context.guard?.visible(table, ids)) ?? ids;
  return seen.length > 0
    ? { fromType: context.typeOf(table), fromIds: seen.slice(0, SHOWN) }
    : { fromType: null, fromIds: [] };
}

/** Foreign keys to a table, of any class, audited or not. Links are not meant: they go with their ends. */
export async function* referencesTo(
  referred: LiveTable,
  context: PlanContext,
): AsyncGenerator<{ readonly table: LiveTable; readonly prop: EntityProperty }> {
  const { instance } = context;
  const { orm } = instance.policies;
  const { createForeignKeyConstraints } = orm.config.get('schemaGenerator');
  for (const meta of orm.getMetadata().getAll().values()) {
    const hasRows = !meta.embeddable && !meta.virtual && !meta.view && !meta.pivotTable && meta.root === meta;
    for (const prop of hasRows || meta.tptParent ? meta.relations : []) {
      const isReference =
        prop.kind === ReferenceKind.MANY_TO_ONE || (prop.kind === ReferenceKind.ONE_TO_ONE && prop.owner);
      const isOwn = !meta.tptParent || !Object.hasOwn(meta.tptParent.properties, prop.name);
      const isPlain = !prop.polymorphic && prop.persist !== false;
      const isChecked = (prop.createForeignKeyConstraint ?? createForeignKeyConstraints) !== false;
      if (
        isReference &&
        isOwn &&
        isPlain &&
        isChecked &&
        prop.targetMeta?.root.class === referred.meta.class
      ) {
        for (const table of await context.referring(referred, meta)) {
          yield { table, prop };
        }
      }
    }
  }
}

/** The plan deletes the row, too, or makes it refer to something else. */
export function letsGo(
  table: LiveTable,
  prop: EntityProperty,
  entityId: string,
  context: PlanContext,
): boolean {
  const draft = context.draftOf(table, entityId);
  const path = draft?.target.codec.properties.get(prop.name)?.property.path;
  const written = path === undefined ? undefined : draft?.writes.get(path);
  return (
    draft?.operation === 'delete' ||
    (path !== undefined &&
      written !== undefined &&
      !jsonEquals(written, draft?.live?.values.get(path) ?? null))
  );
}

function report(
  draft: RestoreDraft,
  prop: EntityProperty,
  { fromType, fromIds }: ShownRows,
  effect: ConflictOf<'still-referenced'>['effect'],
  log: ConflictLog,
  mayAccept: boolean,
): void {
  const consequence = {
    refused: 'which the database refuses',
    deleted: 'which the database deletes, too',
    detached: 'which the database detaches',
  }[effect];
  const rows =
    fromType === null
      ? 'something that you may not see refers'
      : `"${prop.name}" of ${fromType} ${fromIds.join(', ')} refers`;
  log.block(draft.target, null, {
    acceptable: effect !== 'refused' && mayAccept,
    kind: 'still-referenced',
    fromType,
    fromIds,
    effect,
    message: `${draft.name} is going to be deleted, but ${rows} to it, ${consequence}.`,
  });
}

/** By MikroORM's metadata. */
export function effectOf(
  prop: EntityProperty,
  { instance }: PlanContext,
): ConflictOf<'still-referenced'>['effect'] {
  const { defaultDeleteRule } = instance.policies.orm.config.get('schemaGenerator');
  switch ((prop.deleteRule ?? defaultDeleteRule)?.toLowerCase()) {
    case 'cascade':
      return 'deleted';
    case 'set null':
    case 'set default':
      return 'detached';
    default:
      return 'refused';
  }
}
