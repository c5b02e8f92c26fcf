import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { JsonValue } from '../model/json.js';
import { propertiesOf } from '../policy/metadata-properties.js';
import { jsonEquals } from '../serialize/json/canonical-json.js';
import type { ConflictLog } from './conflict-log.js';
import { declaringMeta, type PlanContext } from './plan-context.js';
import type { RestoreDraft } from './restore-draft.js';
import { columnTexts, type LiveTable } from './row-probe.js';

/** Values that only one row may have. */
interface UniqueKey {
  readonly meta: EntityMetadata;
  readonly props: readonly EntityProperty[];
}

interface Claim {
  readonly draft: RestoreDraft;
  readonly texts: readonly string[];
}

/** Finds unique values, and keys, that another row has: one query for each unique key that the plan writes. */
export async function checkUniques(
  drafts: readonly RestoreDraft[],
  context: PlanContext,
  log: ConflictLog,
): Promise<void> {
  for (const [policy, ofClass] of Map.groupBy(drafts, ({ target }) => target.policy)) {
    for (const unique of uniqueKeys(policy.meta)) {
      const claims = ofClass.flatMap((draft) => claimOf(draft, unique) ?? []);
      const table = context.near(policy, unique.meta);
      const hits = await context.probe.find(
        table,
        unique.props,
        claims.map(({ texts }) => texts),
        // The row itself and one more may have the values, where the database is laxer than the metadata.
        claims.length * 2,
      );
      for (const { at, entityId } of hits) {
        const claim = claims[at];
        if (claim && !givesWay(claim, unique, table, entityId, context)) {
          const isSeen = ((await context.guard?.visible(table, [entityId])) ?? [entityId]).length > 0;
          report(claim.draft, unique, isSeen ? entityId : null, log);
        }
      }
    }
  }
}

/** The unique keys of a class as far as they hold for all rows and have plain values. */
function uniqueKeys(meta: EntityMetadata): readonly UniqueKey[] {
  const properties = propertiesOf(meta);
  const names: (readonly string[])[] = [
    meta.primaryKeys,
    ...meta.props
      .filter((prop) => prop.unique || (prop.kind === ReferenceKind.ONE_TO_ONE && prop.owner))
      .map(({ name }) => [name]),
    ...meta.uniques
      .filter((unique) => !unique.expression && !('where' in unique && unique.where))
      .map(({ properties: own = [] }) => [own].flat() as string[]),
  ];
  const seen = new Set<string>();
  return names.flatMap((own) => {
    const key = [...own].sort().join();
    const props = own.flatMap((name) => properties[name] ?? []);
    if (own.length === 0 || props.length !== own.length || seen.has(key)) {
      return [];
    }
    seen.add(key);
    // A single table has the rows of all its classes.
    return [{ meta: declaringMeta(meta, own[0] ?? ''), props }];
  });
}

/** Null when the draft does not write the key, or a part of it is null, which is never taken. */
function claimOf(draft: RestoreDraft, { props }: UniqueKey): Claim | null {
  const paths = pathsOf(draft, props);
  const isWritten = paths.some((path) => path !== undefined && draft.writes.has(path));
  if (!isWritten) {
    return null;
  }
  const parts = paths.map((path) => columnTexts(valueAt(draft, path)));
  return parts.includes(null) ? null : { draft, texts: parts.flatMap((part) => part ?? []) };
}

function valueAt(draft: RestoreDraft, path: string | undefined): JsonValue {
  return (path === undefined ? null : draft.valueAfter(path)) ?? null;
}

function pathsOf(
  { target }: RestoreDraft,
  props: readonly EntityProperty[],
): readonly (string | undefined)[] {
  return props.map(({ name }) => target.codec.properties.get(name)?.property.path);
}

/** The row is the entity itself, or the plan deletes it or gives it another value. */
function givesWay(
  { draft }: Claim,
  { props }: UniqueKey,
  table: LiveTable,
  holderId: string,
  context: PlanContext,
): boolean {
  const holder = context.draftOf(table, holderId);
  if (holder === draft) {
    return draft.operation !== 'create';
  }
  return (
    holder?.operation === 'delete' ||
    pathsOf(draft, props).some((path) => {
      const written = path === undefined ? undefined : holder?.writes.get(path);
      return written !== undefined && !jsonEquals(written, valueAt(draft, path));
    })
  );
}

function report(draft: RestoreDraft, { props }: UniqueKey, holderId: string | null, log: ConflictLog): void {
  const paths = pathsOf(draft, props).flatMap((path) => path ?? []);
  log.block(draft.target, paths[0] ?? null, {
    acceptable: false,
    kind: 'unique-taken',
    paths,
    holderId,
    message: `${paths.map((path) => `"${path}"`).join(', ')} of ${draft.name} must be unique, and ${holderId === null ? 'another row' : `row ${holderId}`} has the value.`,
  });
}
