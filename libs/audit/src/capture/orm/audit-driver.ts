import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Collection,
  type DeleteOptions,
  type DriverException,
  type DriverMethodOptions,
  type EntityDictionary,
  type EntityManager,
  type EntityMetadata,
  type EntityName,
  type EntityProperty,
  type FilterQuery,
  helper,
  type NativeInsertUpdateManyOptions,
  type NativeInsertUpdateOptions,
  type QueryResult,
  type Transaction,
  type UpsertManyOptions,
  type UpsertOptions,
  Utils,
} from '@mikro-orm/core';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { AuditError } from '../../errors/audit-error.js';
import { AuditPostgreSqlConnection, type AuditSession } from './audit-connection.js';
import type { FlushStatement, StatementSource } from './flush-statement.js';
import { columnText } from './row-key.js';

/** Is asked before every statement, see `StatementGuard`. */
export type SourceGuard = (
  source: StatementSource,
  sql: string,
  session: AuditSession,
) => string | Promise<string>;

const UNKNOWN_SOURCE: StatementSource = { em: null, schema: undefined };

/**
 * MikroORM's driver for PostgreSQL, which also notices when an update or delete of the unit of work finds no row. MikroORM
 * itself takes such a statement for done. With this driver nothing has to be looked up to find out.
 */
export class AuditPostgreSqlDriver extends PostgreSqlDriver {
  protected override readonly connection = new AuditPostgreSqlConnection(this.config);
  /** Whose statements are sent. */
  private readonly source = new AsyncLocalStorage<StatementSource>();
  /** Transactions in which a statement has hit fewer rows than it names. */
  private readonly missed = new WeakSet<Transaction>();
  /** The values of updates whose rows were not there. */
  private readonly unwritten = new WeakSet<object>();

  override nativeInsert<T extends object>(
    entityName: EntityName<T>,
    data: EntityDictionary<T>,
    options?: NativeInsertUpdateOptions<T>,
  ): Promise<QueryResult<T>> {
    return this.sending(options, this.statement(entityName, options, 'insert'), () =>
      super.nativeInsert(entityName, data, options),
    );
  }

  override nativeInsertMany<T extends object>(
    entityName: EntityName<T>,
    data: EntityDictionary<T>[],
    options?: NativeInsertUpdateManyOptions<T>,
    transform?: (sql: string) => string,
  ): Promise<QueryResult<T>> {
    return this.sending(options, this.statement(entityName, options, 'insert'), () =>
      super.nativeInsertMany(entityName, data, options, transform),
    );
  }

  override async nativeUpdate<T extends object>(
    entityName: EntityName<T>,
    where: FilterQuery<T>,
    data: EntityDictionary<T>,
    options?: NativeInsertUpdateOptions<T> & UpsertOptions<T>,
  ): Promise<QueryResult<T>> {
    const result = await this.sending(options, this.update(entityName, options, [data]), () =>
      super.nativeUpdate(entityName, where, data, options),
    );
    // Nothing is sent where there is nothing to write.
    if (result.affectedRows === 0 && Object.keys(data).length > 0) {
      this.unwritten.add(data);
    }
    return this.noted(result, 1, options?.ctx);
  }

  override async nativeUpdateMany<T extends object>(
    entityName: EntityName<T>,
    where: FilterQuery<T>[],
    data: EntityDictionary<T>[],
    options?: NativeInsertUpdateManyOptions<T> & UpsertManyOptions<T>,
    transform?: (sql: string, params: unknown[]) => string,
  ): Promise<QueryResult<T>> {
    const result = await this.sending(options, this.update(entityName, options, data), () =>
      super.nativeUpdateMany(entityName, where, data, options, transform),
    );
    if (result.affectedRows < where.length) {
      for (const payload of this.missingIn(entityName, where, data, result)) {
        this.unwritten.add(payload);
      }
    }
    return this.noted(result, where.length, options?.ctx);
  }

  override async nativeDelete<T extends object>(
    entityName: EntityName<T>,
    where: FilterQuery<T>,
    options?: DeleteOptions<T>,
  ): Promise<QueryResult<T>> {
    const rows = keysIn(where);
    const result = await this.sending(options, this.statement(entityName, options, 'delete'), () =>
      super.nativeDelete(entityName, where, options),
    );
    return this.noted(result, rows, options?.ctx);
  }

  /** Only the unit of work calls it. Some lists take a statement of its own making, which none of the methods above sends. */
  override syncCollections<T extends object, O extends object>(
    collections: Iterable<Collection<T, O>>,
    options?: DriverMethodOptions,
  ): Promise<void> {
    const all = [...collections];
    const flush = {
      event: 'links',
      collections: all.map(({ property, owner }) => {
        const { __meta: ownerMeta, __schema: schema = options?.schema } = helper(owner);
        return { relation: property as EntityProperty, ownerMeta: ownerMeta as EntityMetadata, schema };
      }),
    } as const;
    return this.source.run({ flush }, () => super.syncCollections(all, options));
  }

  /** Refusals of this library are no errors of the database. */
  override convertException(exception: Error): DriverException {
    return exception instanceof AuditError
      ? (exception as unknown as DriverException)
      : super.convertException(exception);
  }

  /** @internal */
  guardStatements(guard: SourceGuard): void {
    this.connection.guardStatements((sql, session) =>
      guard(this.source.getStore() ?? UNKNOWN_SOURCE, sql, session),
    );
  }

  /** @internal Whether an update is known to have found no row, by what it had to write. */
  hasMissed(payload: object): boolean {
    return this.unwritten.has(payload);
  }

  /** @internal Whether all statements of a transaction have hit the rows that they name. */
  hasHitAll(transaction: object): boolean {
    return !this.missed.has(transaction);
  }

  /** Those of several updates whose rows are not among the answers; none where that cannot be told with certainty. */
  private missingIn<T extends object>(
    entityName: EntityName<T>,
    where: readonly FilterQuery<T>[],
    data: readonly EntityDictionary<T>[],
    { rows, affectedRows }: QueryResult<T>,
  ): readonly object[] {
    const meta = this.metadata.get(entityName);
    if (!rows || data.some((payload) => meta.primaryKeys.some((name) => name in payload))) {
      return [];
    }
    const fields = meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
    const hit = new Set(
      rows.map((row) => columnText(fields.map((field) => (row as Record<string, unknown>)[field]))),
    );
    const missing = data.filter((_, index) => {
      const key = Utils.getOrderedPrimaryKeys(where[index] as never, meta);
      return !hit.has(columnText(key as readonly unknown[]));
    });
    return missing.length === where.length - affectedRows ? missing : [];
  }

  private sending<Result>(
    options: { readonly em?: unknown; readonly schema?: string | undefined } | undefined,
    flush: FlushStatement,
    send: () => Promise<Result>,
  ): Promise<Result> {
    const em = (options?.em ?? null) as EntityManager | null;
    const schema = options?.schema ?? em?.schema;
    return this.source.run(isOfFlush(options) ? { flush } : { em, schema }, send);
  }

  private statement(
    entityName: EntityName,
    options: { readonly schema?: string | undefined } | undefined,
    event: 'insert' | 'delete',
  ): FlushStatement {
    return { meta: this.metadata.get<object>(entityName) as EntityMetadata, schema: options?.schema, event };
  }

  private update(
    entityName: EntityName,
    options: { readonly schema?: string | undefined } | undefined,
    data: readonly object[],
  ): FlushStatement {
    const meta = this.metadata.get<object>(entityName) as EntityMetadata;
    return {
      meta,
      schema: options?.schema,
      event: 'update',
      names: () => data.flatMap((one) => Object.keys(one)),
    };
  }

  private noted<T>(
    result: QueryResult<T>,
    rows: number,
    transaction: Transaction | undefined,
  ): QueryResult<T> {
    if (transaction && result.affectedRows < rows) {
      this.missed.add(transaction);
    }
    return result;
  }
}

/** Both come with `loggerContext`; the methods of EntityManager add `logging`, those of the unit of work do not. */
function isOfFlush(options: object | undefined): boolean {
  return options !== undefined && 'loggerContext' in options && !('logging' in options);
}

/** The rows that the unit of work names in a delete: `{ key: { $in: [...] } }`. Zero for a condition of the application. */
function keysIn(where: unknown): number {
  const [condition] = typeof where === 'object' && where !== null ? Object.values(where) : [];
  const keys = (condition as { readonly $in?: unknown } | undefined)?.$in;
  return Array.isArray(keys) ? keys.length : 0;
}
