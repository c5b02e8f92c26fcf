import { PostgreSqlConnection } from '@mikro-orm/postgresql';
import { rawQuery } from '../../model/raw-query.js';
import type { SqlTransaction } from '../../model/sql-transaction.js';
import type {
  AbortableOperationOptions,
  CompiledQuery,
  CompileQuery,
  ControlConnectionProvider,
  DatabaseConnection,
  KyselyDialect,
  KyselyDriver,
  QueryResult,
  TransactionSettings,
} from './kysely-types.js';

/** One connection of the pool, as far as it has to be known apart from others. It sends what it is given, and asks nobody. */
export interface AuditSession extends SqlTransaction {
  /** A note for the transaction that goes on; undefined when there is none. It ends with the transaction. */
  note: unknown;
}

/**
 * Is asked before a statement is sent, in the asynchronous context of whoever sends it.
 * @returns what to put before its text
 * @throws to refuse it
 */
export type StatementGuard = (sql: string, session: AuditSession) => string | Promise<string>;

/** Stands in the place of a statement to find out which connection a transaction has; it is never sent. */
class SessionProbe {
  session: AuditSession | null = null;
}

/**
 * The connection on which a transaction of `AuditPostgreSqlDriver` runs; null where it is that of another one.
 * @param transaction must be free: while it sends a statement, this waits for the answer
 */
export async function sessionOf(transaction: SqlTransaction): Promise<AuditSession | null> {
  const probe = new SessionProbe();
  await transaction.executeQuery(rawQuery(probe));
  return probe.session;
}

/** The connection of `AuditPostgreSqlDriver`: every statement passes it, also those of Kysely and of query builders. */
export class AuditPostgreSqlConnection extends PostgreSqlConnection {
  private guard: StatementGuard = () => '';

  /** @internal */
  guardStatements(guard: StatementGuard): void {
    this.guard = guard;
  }

  override createKyselyDialect(
    overrides: Parameters<PostgreSqlConnection['createKyselyDialect']>[0],
  ): KyselyDialect {
    const dialect = new GuardedDialect(super.createKyselyDialect(overrides), (...of) => this.guard(...of));
    // MikroORM hands it to Kysely, which asks for nothing but a dialect.
    return dialect as unknown as KyselyDialect;
  }
}

class GuardedDialect implements Pick<KyselyDialect, keyof KyselyDialect> {
  constructor(
    private readonly dialect: KyselyDialect,
    private readonly guard: StatementGuard,
  ) {}

  createAdapter() {
    return this.dialect.createAdapter();
  }

  createQueryCompiler() {
    return this.dialect.createQueryCompiler();
  }

  createIntrospector(db: Parameters<KyselyDialect['createIntrospector']>[0]) {
    return this.dialect.createIntrospector(db);
  }

  createDriver(): KyselyDriver {
    return new GuardedDriver(this.dialect.createDriver(), this.guard);
  }
}

/** Hands out connections that ask before they send. Notes of a transaction end with it. */
class GuardedDriver implements KyselyDriver {
  private readonly connections = new WeakMap<DatabaseConnection, GuardedConnection>();
  private readonly opening = new Set<Promise<DatabaseConnection>>();

  constructor(
    private readonly driver: KyselyDriver,
    private readonly guard: StatementGuard,
  ) {}

  init(options?: AbortableOperationOptions): Promise<void> {
    return this.driver.init(options);
  }

  async acquireConnection(options?: AbortableOperationOptions): Promise<DatabaseConnection> {
    const opening = this.driver.acquireConnection(options);
    this.opening.add(opening);
    const connection = await opening.finally(() => this.opening.delete(opening));
    const known = this.connections.get(connection) ?? new GuardedConnection(connection, this.guard);
    this.connections.set(connection, known);
    return known;
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.driver.releaseConnection(endOf(connection));
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return this.driver.beginTransaction(endOf(connection), settings);
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return this.driver.commitTransaction(endOf(connection));
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return this.driver.rollbackTransaction(endOf(connection));
  }

  async savepoint(connection: DatabaseConnection, name: string, compile: CompileQuery): Promise<void> {
    await this.driver.savepoint?.(innerOf(connection), name, compile);
  }

  async rollbackToSavepoint(
    connection: DatabaseConnection,
    name: string,
    compile: CompileQuery,
  ): Promise<void> {
    await this.driver.rollbackToSavepoint?.(innerOf(connection), name, compile);
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string, compile: CompileQuery): Promise<void> {
    await this.driver.releaseSavepoint?.(innerOf(connection), name, compile);
  }

  /**
   * Kysely's driver forgets its pool at once. A connection that is still being opened would then be handed to nobody, and the end
   * of the pool would wait for it for ever.
   */
  async destroy(): Promise<void> {
    await Promise.allSettled(this.opening);
    await this.driver.destroy();
  }
}

class GuardedConnection implements DatabaseConnection {
  readonly session: AuditSession;

  constructor(
    readonly inner: DatabaseConnection,
    private readonly guard: StatementGuard,
  ) {
    this.session = {
      note: undefined,
      executeQuery: (query, options) => inner.executeQuery(query as CompiledQuery, options),
    };
  }

  async cancelQuery(provider: ControlConnectionProvider): Promise<void> {
    await this.inner.cancelQuery?.(provider);
  }

  async collectSessionInfo(): Promise<void> {
    await this.inner.collectSessionInfo?.();
  }

  async killSession(provider: ControlConnectionProvider): Promise<void> {
    await this.inner.killSession?.(provider);
  }

  executeQuery<Row>(query: CompiledQuery, options?: AbortableOperationOptions): Promise<QueryResult<Row>> {
    const sql: unknown = query.sql;
    if (sql instanceof SessionProbe) {
      sql.session = this.session;
      return Promise.resolve({ rows: [] });
    }
    let note: string | Promise<string>;
    try {
      note = this.noteOf(sql);
    } catch (refusal) {
      return Promise.reject(refusal);
    }
    return note instanceof Promise
      ? note.then((text) => this.inner.executeQuery(noted(query, text), options))
      : this.inner.executeQuery(noted(query, note), options);
  }

  async *streamQuery<Row>(
    query: CompiledQuery,
    chunkSize: number,
    options?: AbortableOperationOptions,
  ): AsyncIterableIterator<QueryResult<Row>> {
    yield* this.inner.streamQuery(noted(query, await this.noteOf(query.sql)), chunkSize, options);
  }

  /** The prepared statements of the trail have no text here, and write no table but its own. */
  private noteOf(sql: unknown): string | Promise<string> {
    return typeof sql === 'string' ? this.guard(sql, this.session) : '';
  }
}

function noted(query: CompiledQuery, note: string): CompiledQuery {
  return note === '' ? query : { ...query, sql: `${note}${query.sql}` };
}

function innerOf(connection: DatabaseConnection): DatabaseConnection {
  return connection instanceof GuardedConnection ? connection.inner : connection;
}

/** Where a transaction ends, or another one begins. */
function endOf(connection: DatabaseConnection): DatabaseConnection {
  if (connection instanceof GuardedConnection) {
    connection.session.note = undefined;
  }
  return innerOf(connection);
}
