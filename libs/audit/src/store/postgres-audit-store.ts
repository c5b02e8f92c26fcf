import type { ConnectionType, MikroORM } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { TargetsOf } from '../model/relation-target.js';
import type { RevisionOf } from '../model/revision.js';
import type {
  AuditStore,
  ChangeOfRevision,
  DetailsOption,
  HistoryQuery,
  NewRevision,
  ScopeFilter,
  SqlTransaction,
  StoredChange,
  StoredRead,
  StoredRevision,
} from './audit-store.js';
import { PostgresTrailSearch } from './postgres-trail-search.js';
import { revisionMatches } from './search/change-conditions.js';
import { EVERYTHING } from './search/change-filter.js';
import { CLAIM_LOCK, claimSql } from './search/claim-sql.js';
import { type IndexRange, indexRange } from './search/index-range.js';
import { scopeCondition } from './search/scope-filter.js';
import { SqlParameters } from './sql/sql-parameters.js';
import { runStatement } from './sql/sql-statement.js';
import type { TrailConnection } from './sql/trail-connection.js';
import { headerParameters } from './tables/revision-header.js';
import { changesOfRevision, IS_REVISION, revisionJoin } from './tables/revision-rows.js';
import {
  BRIEF_SELECT,
  CHANGE_COLUMNS,
  type ChangeRow,
  REVISION_COLUMNS,
  type RevisionRow,
  toChangeOfRevision,
  toStoredChange,
  toStoredRevision,
} from './tables/stored-row.js';
import { type TableNames, tableNamesOf } from './tables/table-names.js';
import { ChangeWriter } from './write/change-writer.js';
import { recordSql } from './write/record-sql.js';

/** The audit tables of one MikroORM instance. */
export class PostgresAuditStore implements AuditStore {
  readonly search: PostgresTrailSearch;
  readonly write: AuditStore['write'];
  readonly send: AuditStore['send'];
  private readonly tables: TableNames;

  /**
   * @param readsFrom where there is no transaction to read in: `read` is a replica, if there is one
   * @param hasTriggers whether triggers write changes, too
   * @throws AuditConfigurationError when the audit entities are not among the ORM's entities
   */
  constructor(
    private readonly orm: MikroORM,
    private readonly connection: TrailConnection,
    targetsOf: TargetsOf,
    private readonly readsFrom: ConnectionType,
    hasTriggers: boolean,
  ) {
    this.tables = tableNamesOf(orm);
    this.search = new PostgresTrailSearch(this.tables, (sql, parameters) => this.read(sql, parameters));
    const writer = new ChangeWriter(this.tables, targetsOf, orm.em.getDriver(), hasTriggers);
    this.write = writer.write.bind(writer);
    this.send = writer.send.bind(writer);
  }

  async record(
    revision: NewRevision,
    reads: readonly StoredRead[],
    transaction: SqlTransaction | null,
  ): Promise<string> {
    // `em.getKysely()` would be that of a transaction which runs around the caller, and roll back with it.
    const executor = transaction ?? (this.orm.em as EntityManager).getConnection('write').getClient();
    const parameters = [
      ...headerParameters(revision),
      reads.map(({ entityType }) => entityType),
      reads.map(({ entityId }) => entityId),
    ];
    const [row] = await runStatement<{ readonly revision_id: string }>(
      executor,
      recordSql(this.tables),
      parameters,
      this.orm.em.getDriver(),
    );
    return row?.revision_id ?? '';
  }

  async claim(revision: NewRevision): Promise<boolean> {
    const { action, correlationId, metadata } = revision;
    const values = [action, correlationId, JSON.stringify(metadata)];
    const driver = this.orm.em.getDriver();
    const client = (this.orm.em as EntityManager).getConnection('write').getClient();
    // Each statement has to see what was committed while it waited for the lock.
    const transaction = client.transaction().setIsolationLevel('read committed');
    return transaction.execute(async (own: SqlTransaction) => {
      await runStatement(own, CLAIM_LOCK, values, driver);
      const [newest] = await runStatement<{ readonly outcome: string }>(
        own,
        claimSql(this.tables),
        values,
        driver,
      );
      const isFree = newest?.outcome !== 'success';
      if (isFree) {
        await this.record(revision, [], own);
      }
      return isFree;
    });
  }

  async reads(query: HistoryQuery): Promise<readonly StoredRevision[]> {
    const parameters = new SqlParameters();
    const limit = parameters.add(query.limit, 'int');
    const branches = newestOf(query, 'c.revision_id', parameters).map(
      ({ conditions, order }) => `(select c.revision_id from ${this.tables.read} c
        where ${conditions.join(' and ')} order by ${order} limit ${limit})`,
    );
    const rows = await this.read<RevisionRow>(
      `select ${REVISION_COLUMNS} from ${this.tables.change} r
       where ${IS_REVISION} and r.id in (${branches.join(' union all ')})
       order by r.id desc limit ${limit}`,
      parameters.values,
    );
    return rows.map(toStoredRevision);
  }

  async history<Details extends boolean>(
    query: HistoryQuery & DetailsOption<Details>,
  ): Promise<readonly ChangeOfRevision<RevisionOf<Details>>[]> {
    const parameters = new SqlParameters();
    const limit = parameters.add(query.limit, 'int');
    // One branch per type: `entity_type = any(...)` keeps PostgreSQL from reading the index in its order.
    const branches = newestOf(query, 'c.id', parameters).map(
      ({ conditions, order }) => `(select c.* from ${this.tables.change} c
        where ${conditions.join(' and ')} order by ${order} limit ${limit})`,
    );
    const rows = await this.read<ChangeRow & RevisionRow>(
      `select ${CHANGE_COLUMNS}, ${query.details ? REVISION_COLUMNS : BRIEF_SELECT}
       from (${branches.join(' union all ')}) c ${revisionJoin(this.tables, { isWhole: query.details })}
       order by c.id desc limit ${limit}`,
      parameters.values,
    );
    return rows.map((row) => toChangeOfRevision(row, query.details));
  }

  async revision(
    id: string,
    scope: ScopeFilter | null,
    limit: number | null,
  ): Promise<{ readonly revision: StoredRevision; readonly changes: readonly StoredChange[] } | null> {
    const parameters = new SqlParameters();
    const [row] = await this.read<RevisionRow>(
      `select ${REVISION_COLUMNS} from ${this.tables.change} r
       where r.id = ${parameters.add(id, 'bigint')} and ${IS_REVISION}
         and ${revisionMatches({ ...EVERYTHING, scope }, this.tables, parameters)}`,
      parameters.values,
    );
    if (!row) {
      return null;
    }
    const ofChanges = new SqlParameters();
    const changes = await this.read<ChangeRow>(
      `select ${CHANGE_COLUMNS} from ${this.tables.change} r cross join lateral ${changesOfRevision(this.tables)}
       where r.id = ${ofChanges.add(id, 'bigint')} and ${scope ? scopeCondition(scope, ofChanges) : 'true'}
       order by c.id ${limit === null ? '' : `limit ${ofChanges.add(limit, 'int')}`}`,
      ofChanges.values,
    );
    return { revision: toStoredRevision(row), changes: changes.map(toStoredChange) };
  }

  abortable<Result>(signal: AbortSignal, read: () => Promise<Result>): Promise<Result> {
    return this.connection.abortable(signal, read);
  }

  private read<Row>(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    return this.connection.read<Row>(this.readsFrom, sql, parameters);
  }
}

/** The newest rows of an entity, for each type under which they may be stored. */
function newestOf(
  { entityTypes, entityId, beforeId }: HistoryQuery,
  column: string,
  parameters: SqlParameters,
): readonly IndexRange[] {
  const id = parameters.add(entityId, 'text');
  const after = beforeId === null ? null : [parameters.add(beforeId, 'bigint')];
  return entityTypes.map((type) =>
    indexRange({
      keys: [
        ['c.entity_type', parameters.add(type, 'text')],
        ['c.entity_id', id],
      ],
      columns: [column],
      from: null,
      until: null,
      after,
      newestFirst: true,
    }),
  );
}
