import type { EntityProperty } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { columnText } from '../../capture/orm/row-key.js';
import { RowPages } from '../../capture/orm/row-pages.js';
import { SEES_ALL_ROWS } from '../../errors/coverage-errors.js';
import { quoted } from '../../model/sql-names.js';
import { tablesOf } from '../tables/class-tables.js';
import type { CoveredClass } from '../tables/covered-classes.js';
import { hiddenRowsOf } from '../tables/hidden-rows.js';
import { toldEntities } from '../tables/told-entities.js';
import { Catalog, type CatalogForeignKey } from './catalog.js';
import type { NewFinding } from './new-finding.js';
import { isOfOthers, triggerFindings } from './trigger-findings.js';

/** Rows of each class of which it is looked up whether the trail knows them. */
const PROBED_ROWS = 1_000;

/** The findings about the tables of a class: its rows, and what the database does to them by itself. */
export async function tableFindings(covered: CoveredClass): Promise<readonly NewFinding[]> {
  const { codec, instance } = covered;
  const em = instance.policies.orm.em.fork() as EntityManager;
  const catalog = new Catalog(em);
  const pages = new RowPages(em, codec, 'write');
  const hidden = await hiddenFindings(covered);
  const found: NewFinding[] = hidden.length > 0 ? [...hidden] : [...(await baselineFindings(covered, pages))];
  for (const [table, relations] of tablesOf(covered, em)) {
    const foreignKeys = await catalog.actingForeignKeys(table);
    found.push(...foreignKeyFindings(foreignKeys, table, relations, em));
    for (const { name } of foreignKeys.filter(({ passesPolicies }) => passesPolicies)) {
      const message = `The database changes rows of ${table} also where row level security hides them from the flush: those leave no trace.`;
      const remedy =
        'Let the foreign key hold the columns that the policies compare, or write what it refers to without the session of a tenant.';
      found.push(['foreign-key-past-policies', 'warning', name, message, remedy]);
    }
    if (!instance.triggers) {
      found.push(...(await triggerFindings(catalog, new Map([[table, []]]))));
    }
    for (const { name } of (await catalog.triggers(table)).filter(isOfOthers)) {
      const message = `Its changes to rows other than the written ones of ${table} are not recorded.`;
      const remedy = 'Look at what it does; exact: true records what it does to the row itself.';
      found.push(['trigger-unknown', 'warning', name, message, remedy]);
    }
    for (const { name } of await catalog.rules(table)) {
      const message = `Writes to ${table} may become other ones, which nobody records.`;
      found.push([
        'rule-unknown',
        'error',
        name,
        message,
        `Drop the rule: drop rule ${quoted(name)} on ${table}`,
      ]);
    }
  }
  return found;
}

async function hiddenFindings(covered: CoveredClass): Promise<readonly NewFinding[]> {
  const { role, tables } = await hiddenRowsOf(covered);
  return tables.map((table) => {
    const message = `Row level security may hide rows of ${table} from the role ${role}: nobody can tell whether the trail knows them.`;
    return ['rows-hidden', 'error', table, message, SEES_ALL_ROWS];
  });
}

async function baselineFindings(covered: CoveredClass, pages: RowPages): Promise<readonly NewFinding[]> {
  const ids = await pages.ids({ after: null, limit: PROBED_ROWS, where: null });
  const told = await toldEntities(covered, ids);
  const untold = ids.filter((id) => !told.has(id));
  const extending = await pages.extending(untold);
  const count = untold.filter((id) => !extending.has(id)).length;
  if (count === 0) {
    return [];
  }
  const { entityType, name } = covered.policy;
  const message = `The trail does not know the beginning of ${count} of the first ${ids.length} rows.`;
  return [['rows-without-baseline', 'error', entityType, message, `mikro-audit baseline --entity ${name}`]];
}

function foreignKeyFindings(
  foreignKeys: readonly CatalogForeignKey[],
  table: string,
  relations: readonly EntityProperty[],
  em: EntityManager,
): readonly NewFinding[] {
  const { defaultDeleteRule, defaultUpdateRule } = em.config.get('schemaGenerator');
  const declared = new Map(
    relations.map(({ fieldNames, deleteRule = defaultDeleteRule, updateRule = defaultUpdateRule }) => [
      columnText(fieldNames ?? []),
      { deleteRule: deleteRule?.toLowerCase(), updateRule: updateRule?.toLowerCase() },
    ]),
  );
  return foreignKeys.flatMap(({ name, columns, onDelete, onUpdate }) => {
    const rules = declared.get(columnText(columns));
    const unknown = [
      ['deleteRule', onDelete, 'deleted'],
      ['updateRule', onUpdate, 'renamed'],
    ] as const;
    return unknown
      .filter(([option, rule]) => rule !== null && rules?.[option] !== rule)
      .map(
        ([option, rule, what]): NewFinding => [
          'foreign-key-unknown',
          'error',
          name,
          `The database does "${rule}" to rows of ${table} when what they refer to is ${what}, which MikroORM does not know.`,
          `Declare ${option}: '${rule}' on the relation, or change the constraint.`,
        ],
      );
  });
}
