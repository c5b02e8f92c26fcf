import type { MikroORM } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ChangeRecord } from '../model/change-record.js';
import type { TargetsOf } from '../model/relation-target.js';
import type { RevisionOf } from '../model/revision.js';
import type {
  AuditStore,
  ChangeOfRevision,
  DetailsOption,
  HistoryQuery,
  NewRevision,
  ScopeFilter,
  SentChanges,
  SqlTransaction,
  StoredChange,
  StoredRead,
  StoredRevision,
  WriteOptions,
  WriteResult,
} from './audit-store.js';
import { revisionMatches } from './change-conditions.js';
import { EVERYTHING } from './change-filter.js';
import { ChangeWriter } from './change-writer.js';
import { PostgresTrailSearch } from './postgres-trail-search.js';
import { recordSql } from './record-sql.js';
import { headerParameters } from './revision-header.js';
import { looksAtMetadata, scopeCondition } from './scope-filter.js';
import { GREATEST_ID, revisionJoin } from './search-rows.js';
import { SqlParameters } from './sql-parameters.js';
import { runStatement } from './sql-statement.js';
import {
  BRIEF_SELECT,
  CHANGE_COLUMNS,
  type ChangeRow,
  REVISION_COLUMNS,
  type RevisionRow,
  toChangeOfRevision,
  toStoredChange,
  toStoredRevision,
} from './stored-row.js';
import { type TableNames, tableNamesOf } from './table-names.js';

/** The audit tables of one MikroORM instance. */
export class PostgresAuditStore implements AuditStore {
  readonly search: PostgresTrailSearch;
  private readonly tables: TableNames;
  private readonly writer: ChangeWriter;

  /** @throws AuditConfigurationError when the audit entities are not among the ORM's entities */
  constructor(
    private readonly orm: MikroORM,
    targetsOf: TargetsOf,
  ) {
    this.tables = tableNamesOf(orm);
    this.search = new PostgresTrailSearch(this.tables, (sql, parameters) => this.read(sql, parameters));
    this.writer = new ChangeWriter(this.tables, targetsOf);
  }

  write(
    transaction: SqlTransaction,
    revision: NewRevision,
    changes: readonly ChangeRecord[],
    options: WriteOptions,
  ): Promise<WriteResult> {
    return this.writer.write(transaction, revision, changes, options);
  }

  send(
    transaction: SqlTransaction,
    revision: NewRevision,
    changes: readonly ChangeRecord[],
    revisionId: string | null,
  ): Promise<SentChanges | null> {
    return this.writer.send(transaction, revision, changes, revisionId);
  }

  async record(
    revision: NewRevision,
    reads: readonly StoredRead[],
    transaction: SqlTransaction | null,
  ): Promise<string> {
    // `em.getKysely()` would be that of a transaction which runs around the caller, and roll back with it.
    const executor = transaction ?? (this.orm.em as EntityManager).getConnection('write').getClient();
    const [row] = await runStatement<{ readonly revision_id: string }>(executor, recordSql(this.tables), [
      ...headerParameters(revision),
      reads.map(({ entityType }) => entityType),
      reads.map(({ entityId }) => entityId),
    ]);
    return row?.revision_id ?? '';
  }

  async reads({ entityTypes, entityId, beforeId, limit }: HistoryQuery): Promise<readonly StoredRevision[]> {
    const rows = await this.read<RevisionRow>(
      `select ${REVISION_COLUMNS} from ${this.tables.revision} r
       where r.id in (select revision_id from ${this.tables.read}
         where entity_type = any($1::text[]) and entity_id = $2 and revision_id < $3::bigint
         order by revision_id desc limit $4::int)
       order by r.id desc limit $4::int`,
      [entityTypes, entityId, beforeId ?? GREATEST_ID, limit],
    );
    return rows.map(toStoredRevision);
  }

  async history<Details extends boolean>(
    query: HistoryQuery & DetailsOption<Details>,
  ): Promise<readonly ChangeOfRevision<RevisionOf<Details>>[]> {
    // One branch per type: `entity_type = any(...)` keeps PostgreSQL from reading the index in its order.
    const branches = query.entityTypes.map(
      (_, index) => `(select * from ${this.tables.change}
        where entity_type = $${index + 4} and entity_id = $1 and id < $2::bigint order by id desc limit $3::int)`,
    );
    const rows = await this.read<ChangeRow & RevisionRow>(
      `select ${CHANGE_COLUMNS}, ${query.details ? REVISION_COLUMNS : BRIEF_SELECT}
       from (${branches.join(' union all ')}) c ${revisionJoin(query.details, this.tables)}
       order by c.id desc limit $3::int`,
      [query.entityId, query.beforeId ?? GREATEST_ID, query.limit, ...query.entityTypes],
    );
    return rows.map((row) => toChangeOfRevision(row, query.details));
  }

  async revision(
    id: string,
    scope: ScopeFilter | null,
    limit: number | null,
  ): Promise<{ readonly revision: StoredRevision; readonly changes: readonly StoredChange[] } | null> {
    const { revision, change } = this.tables;
    const parameters = new SqlParameters();
    const [row] = await this.read<RevisionRow>(
      `select ${REVISION_COLUMNS} from ${revision} r where r.id = ${parameters.add(id, 'bigint')}
       and ${revisionMatches({ ...EVERYTHING, scope }, this.tables, parameters)}`,
      parameters.values,
    );
    if (!row) {
      return null;
    }
    const ofChanges = new SqlParameters();
    const changes = await this.read<ChangeRow>(
      `select ${CHANGE_COLUMNS} from ${change} c ${revisionJoin(scope !== null && looksAtMetadata(scope), this.tables)}
       where c.revision_id = ${ofChanges.add(id, 'bigint')} and ${scope ? scopeCondition(scope, ofChanges) : 'true'}
       order by c.id ${limit === null ? '' : `limit ${ofChanges.add(limit, 'int')}`}`,
      ofChanges.values,
    );
    return { revision: toStoredRevision(row), changes: changes.map(toStoredChange) };
  }

  /** Reads in the transaction of the caller's EntityManager, if it has one: a pool of one must not wait for itself. */
  private async read<Row>(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]> {
    const em = this.orm.em.getContext(false) as EntityManager;
    const executor: SqlTransaction = em.getTransactionContext<SqlTransaction>() ?? em.getKysely();
    return runStatement<Row>(executor, sql, parameters);
  }
}
