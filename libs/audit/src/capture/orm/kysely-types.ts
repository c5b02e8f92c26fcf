// The types of Kysely as MikroORM shows them: an app has no Kysely of its own beside it, so the library names none.
import type { PostgreSqlConnection } from '@mikro-orm/postgresql';

export type KyselyDialect = ReturnType<PostgreSqlConnection['createKyselyDialect']>;
export type KyselyDriver = ReturnType<KyselyDialect['createDriver']>;
export type DatabaseConnection = Awaited<ReturnType<KyselyDriver['acquireConnection']>>;
export type CompiledQuery = Parameters<DatabaseConnection['executeQuery']>[0];
export type AbortableOperationOptions = Parameters<DatabaseConnection['executeQuery']>[1];
export type QueryResult<Row> = Omit<Awaited<ReturnType<DatabaseConnection['executeQuery']>>, 'rows'> & {
  readonly rows: Row[];
};
export type ControlConnectionProvider = Parameters<NonNullable<DatabaseConnection['cancelQuery']>>[0];
export type TransactionSettings = Parameters<KyselyDriver['beginTransaction']>[1];
export type CompileQuery = ReturnType<KyselyDialect['createQueryCompiler']>['compileQuery'];
