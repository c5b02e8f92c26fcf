import { SqlParameters } from '../sql/sql-parameters.js';
import type { BoundStatement } from '../sql/sql-statement.js';
import { revisionJoin } from '../tables/revision-rows.js';
import {
  BRIEF_SELECT,
  type BriefRow,
  CHANGE_COLUMNS,
  type ChangeRow,
  toBrief,
  toStoredChange,
} from '../tables/stored-row.js';
import type { TableNames } from '../tables/table-names.js';
import { toldOf, toldSql } from './entities-sql.js';
import type { ChangedQuery, EntityWalk, HistoriesQuery, HistoryStep, ToldEntities } from './life-query.js';

type StepRow = ChangeRow & BriefRow & { readonly n: number; readonly is_arrival: boolean };

/** The walk through the tables of one MikroORM instance. */
export class TrailWalk implements EntityWalk {
  constructor(
    private readonly tables: TableNames,
    private readonly run: <Row>(statement: BoundStatement) => Promise<readonly Row[]>,
  ) {}

  async told(types: readonly string[], ids: readonly string[]): Promise<ToldEntities> {
    return toldOf(ids.length === 0 ? [] : await this.run(toldSql(types, ids, this.tables)));
  }

  async histories(query: HistoriesQuery): Promise<readonly HistoryStep[]> {
    const rows = query.ids.length === 0 ? [] : await this.run<StepRow>(historiesSql(query, this.tables));
    return rows.map((row) => ({
      n: Number(row.n) - 1,
      isArrival: row.is_arrival,
      change: { ...toStoredChange(row), revision: toBrief(row), reached: true, visible: true },
    }));
  }

  async changedIds(query: ChangedQuery): Promise<readonly string[]> {
    const rows = await this.run<{ readonly entity_id: string }>(changedIdsSql(query, this.tables));
    return rows.map(({ entity_id }) => entity_id);
  }
}

/** In the order of the index of entities, which it reads from where the page before has stopped. */
function historiesSql({ types, ids, after, limit }: HistoriesQuery, tables: TableNames): BoundStatement {
  const parameters = new SqlParameters();
  const given = parameters.add(types, 'text[]');
  const wanted = parameters.add(ids, 'text[]');
  const n = parameters.add((after?.n ?? 0) + 1, 'int');
  const id = parameters.add(after?.id ?? '0', 'bigint');
  const places = ['entity_id', 'renamed_to'].map(
    (
      column,
    ) => `select c.*, ${column === 'renamed_to'} as is_arrival from unnest(${given}) of(type) cross join lateral (
      select c.* from ${tables.change} c where c.entity_type = of.type and c.${column} = wanted.id
        and c.id > case when wanted.n = ${n} then ${id} else 0 end
    ) c`,
  );
  const sql = `select wanted.n, c.is_arrival, ${CHANGE_COLUMNS}, ${BRIEF_SELECT}
from unnest(${wanted}) with ordinality wanted(id, n)
cross join lateral (${places.join('\n    union all\n    ')}) c ${revisionJoin(tables, { isWhole: false })}
where wanted.n >= ${n} order by wanted.n, c.id limit ${parameters.add(limit, 'int')}`;
  return { sql, parameters: parameters.values };
}

/** The id of a transaction stands in first rows and further ones alike, but only that of first rows has an index. */
function changedIdsSql(
  { types, since, afterId, limit, onlyArrived = false }: ChangedQuery,
  tables: TableNames,
): BoundStatement {
  const parameters = new SqlParameters();
  const given = parameters.add(types, 'text[]');
  const transaction = parameters.add(since, 'xid8');
  const after = afterId === null ? 'true' : `changed.id > ${parameters.add(afterId, 'text')}`;
  const ids = onlyArrived ? '(change.renamed_to)' : '(change.entity_id), (change.renamed_to)';
  const sql = `with first as materialized (
  select f.id, f.entity_type, f.entity_id, f.renamed_to from ${tables.change} f
  where f.revision_id is null and f.entity_type is not null and f.transaction_id >= ${transaction}
), change as (
  select entity_type, entity_id, renamed_to from first
  union all
  select c.entity_type, c.entity_id, c.renamed_to from first join ${tables.change} c on c.revision_id = first.id
)
select distinct changed.id as entity_id from change cross join lateral (values ${ids}) changed(id)
where change.entity_type = any(${given}) and changed.id is not null and ${after} order by 1 limit ${parameters.add(limit, 'int')}`;
  return { sql, parameters: parameters.values };
}
