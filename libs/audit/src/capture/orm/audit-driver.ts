import type {
  DeleteOptions,
  EntityDictionary,
  EntityName,
  FilterQuery,
  NativeInsertUpdateManyOptions,
  NativeInsertUpdateOptions,
  QueryResult,
  Transaction,
  UpsertManyOptions,
  UpsertOptions,
} from '@mikro-orm/core';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';

/**
 * MikroORM's driver for PostgreSQL, which also notices when an update or delete of the unit of work finds no row. MikroORM
 * itself takes such a statement for done. With this driver nothing has to be looked up to find out.
 */
export class AuditPostgreSqlDriver extends PostgreSqlDriver {
  /** Transactions in which a statement has hit fewer rows than it names. */
  private readonly missed = new WeakSet<Transaction>();

  override async nativeUpdate<T extends object>(
    entityName: EntityName<T>,
    where: FilterQuery<T>,
    data: EntityDictionary<T>,
    options?: NativeInsertUpdateOptions<T> & UpsertOptions<T>,
  ): Promise<QueryResult<T>> {
    return this.noted(await super.nativeUpdate(entityName, where, data, options), 1, options?.ctx);
  }

  override async nativeUpdateMany<T extends object>(
    entityName: EntityName<T>,
    where: FilterQuery<T>[],
    data: EntityDictionary<T>[],
    options?: NativeInsertUpdateManyOptions<T> & UpsertManyOptions<T>,
    transform?: (sql: string, params: unknown[]) => string,
  ): Promise<QueryResult<T>> {
    const result = await super.nativeUpdateMany(entityName, where, data, options, transform);
    return this.noted(result, where.length, options?.ctx);
  }

  override async nativeDelete<T extends object>(
    entityName: EntityName<T>,
    where: FilterQuery<T>,
    options?: DeleteOptions<T>,
  ): Promise<QueryResult<T>> {
    return this.noted(await super.nativeDelete(entityName, where, options), keysIn(where), options?.ctx);
  }

  /** @internal Whether all statements of a transaction have hit the rows that they name. */
  hasHitAll(transaction: object): boolean {
    return !this.missed.has(transaction);
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

/** The rows that the unit of work names in a delete: `{ key: { $in: [...] } }`. Zero for a condition of the application. */
function keysIn(where: unknown): number {
  const [condition] = typeof where === 'object' && where !== null ? Object.values(where) : [];
  const keys = (condition as { readonly $in?: unknown } | undefined)?.$in;
  return Array.isArray(keys) ? keys.length : 0;
}
