import { PostgreSqlConnection } from '@mikro-orm/postgresql';
import type {
  AbortableOperationOptions,
  CompiledQuery,
  ControlConnectionProvider,
  DatabaseConnection,
  Dialect,
  Driver,
  Kysely,
  PostgresDialect,
  QueryCompiler,
  QueryResult,
  TransactionSettings,
} from 'kysely';

/**
 * Is asked before a statement is sent, in the asynchronous context of whoever sends it.
 * @throws to refuse it
 */
export type StatementCheck = (sql: string) => void;

/** The connection of `AuditPostgreSqlDriver`: every statement passes it, also those of Kysely and of query builders. */
export class AuditPostgreSqlConnection extends PostgreSqlConnection {
  private check: StatementCheck = () => undefined;

  /** @internal */
  checkStatements(check: StatementCheck): void {
    this.check = check;
  }

  override createKyselyDialect(
    overrides: Parameters<PostgreSqlConnection['createKyselyDialect']>[0],
  ): PostgresDialect {
    const dialect = new CheckedDialect(super.createKyselyDialect(overrides), (sql) => this.check(sql));
    // MikroORM hands it to Kysely, which asks for nothing but a dialect.
    return dialect as unknown as PostgresDialect;
  }
}

class CheckedDialect implements Dialect {
  constructor(
    private readonly dialect: Dialect,
    private readonly check: StatementCheck,
  ) {}

  createAdapter() {
    return this.dialect.createAdapter();
  }

  createQueryCompiler() {
    return this.dialect.createQueryCompiler();
  }

  createIntrospector(db: Kysely<never>) {
    return this.dialect.createIntrospector(db);
  }

  createDriver(): Driver {
    return new CheckedDriver(this.dialect.createDriver(), this.check);
  }
}

/** Hands out connections that ask before they send. */
class CheckedDriver implements Driver {
  private readonly connections = new WeakMap<DatabaseConnection, CheckedConnection>();

  constructor(
    private readonly driver: Driver,
    private readonly check: StatementCheck,
  ) {}

  init(options?: AbortableOperationOptions): Promise<void> {
    return this.driver.init(options);
  }

  async acquireConnection(options?: AbortableOperationOptions): Promise<DatabaseConnection> {
    const connection = await this.driver.acquireConnection(options);
    const known = this.connections.get(connection) ?? new CheckedConnection(connection, this.check);
    this.connections.set(connection, known);
    return known;
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.driver.releaseConnection(innerOf(connection));
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return this.driver.beginTransaction(innerOf(connection), settings);
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return this.driver.commitTransaction(innerOf(connection));
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return this.driver.rollbackTransaction(innerOf(connection));
  }

  async savepoint(
    connection: DatabaseConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    await this.driver.savepoint?.(innerOf(connection), name, compile);
  }

  async rollbackToSavepoint(
    connection: DatabaseConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    await this.driver.rollbackToSavepoint?.(innerOf(connection), name, compile);
  }

  async releaseSavepoint(
    connection: DatabaseConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    await this.driver.releaseSavepoint?.(innerOf(connection), name, compile);
  }

  destroy(): Promise<void> {
    return this.driver.destroy();
  }
}

class CheckedConnection implements DatabaseConnection {
  constructor(
    readonly inner: DatabaseConnection,
    private readonly check: StatementCheck,
  ) {}

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
    try {
      this.checkText(query);
    } catch (refusal) {
      return Promise.reject(refusal);
    }
    return this.inner.executeQuery(query, options);
  }

  streamQuery<Row>(
    query: CompiledQuery,
    chunkSize: number,
    options?: AbortableOperationOptions,
  ): AsyncIterableIterator<QueryResult<Row>> {
    this.checkText(query);
    return this.inner.streamQuery(query, chunkSize, options);
  }

  /** The prepared statements of the trail have no text here, and write no table but its own. */
  private checkText({ sql }: { readonly sql: unknown }): void {
    if (typeof sql === 'string') {
      this.check(sql);
    }
  }
}

function innerOf(connection: DatabaseConnection): DatabaseConnection {
  return connection instanceof CheckedConnection ? connection.inner : connection;
}
