import type { MikroORM, Options } from '@mikro-orm/postgresql';
import { type AuditModuleOptions, auditPolicy } from 'nestjs-mikro-audit';
import pg, { type Client } from 'pg';
import { createAuditedApp } from '../../support/audited-app.js';
import { createTestDatabase } from '../../support/database.js';
import { createTestOrm } from '../../support/orm.js';
import { type Fault, FaultLine, type StatementName } from './fault-line.js';
import { createShapeRows, type FlushShape, shapeEntities } from './flush-shapes.js';

const TABLES = ['place', 'tag', 'parent', 'child', 'parent_tags'];

/** How a piece of work ended. */
export interface FailedWork {
  /** Null when it did not fail. */
  readonly error: unknown;
  /** All business rows. */
  readonly rows: string;
  /** Whether the pool has lost a connection by it. */
  readonly keepsConnection: boolean;
}

interface BenchParts {
  readonly orm: MikroORM;
  readonly url: string;
  readonly clear: (client: Client) => Promise<unknown>;
  readonly verify: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Lets work fail on a database of its own, of which it holds the connection that the work does not have. */
export class FaultBench {
  private constructor(
    private readonly parts: BenchParts,
    private readonly line: FaultLine,
    private readonly client: Client,
  ) {}

  static async unaudited(): Promise<FaultBench> {
    const line = new FaultLine();
    const { url, drop } = await createTestDatabase();
    const orm = await createTestOrm({ url, entities: shapeEntities, orm: ormOptions(line, false) });
    return FaultBench.on(line, {
      orm,
      url,
      clear: (client) => client.query(`truncate ${TABLES.join(', ')}`),
      verify: async () => undefined,
      close: async () => {
        await orm.close(true);
        await drop();
      },
    });
  }

  static async audited(exact: boolean, options: AuditModuleOptions): Promise<FaultBench> {
    const line = new FaultLine();
    const policies = shapeEntities.map((entity) => auditPolicy(entity as never, { exact }));
    const app = await createAuditedApp({
      entities: shapeEntities,
      options: { ...options, policies },
      orm: ormOptions(line, options.sendWithCommit === true),
    });
    return FaultBench.on(line, {
      orm: app.orm,
      url: app.url,
      clear: () => app.oracle.clear(),
      verify: () => app.oracle.verify(),
      close: () => app.close(),
    });
  }

  private static async on(line: FaultLine, parts: BenchParts): Promise<FaultBench> {
    const client = new pg.Client(parts.url);
    await client.connect();
    return new FaultBench(parts, line, client);
  }

  /** The statements of work that does not fail. */
  async statementsOf(shape: FlushShape): Promise<readonly StatementName[]> {
    const write = await this.load(shape);
    this.line.take();
    await write();
    return this.line.take();
  }

  /** @param at one of the statements that the work has when it does not fail */
  async fail(shape: FlushShape, at: StatementName, fault: Fault): Promise<FailedWork> {
    const write = await this.load(shape);
    this.line.arm(at, fault);
    const error: unknown = await write().then(
      () => null,
      (cause: unknown) => cause,
    );
    const { hasStruck } = this.line;
    this.line.take();
    const keepsConnection = this.line.release();
    await this.parts.verify();
    if (!hasStruck) {
      throw new Error(`${shape.title} has not come to its statement ${at}.`);
    }
    return { error, rows: await this.rows(), keepsConnection };
  }

  /** The business rows that work finds. */
  async rowsBefore(): Promise<string> {
    await this.reset();
    return this.rows();
  }

  async close(): Promise<void> {
    await this.client.end();
    await this.parts.close();
  }

  private async load(shape: FlushShape): Promise<() => Promise<unknown>> {
    await this.reset();
    return shape.load(this.parts.orm.em.fork());
  }

  private async reset(): Promise<void> {
    await this.parts.clear(this.client);
    await createShapeRows(this.parts.orm.em.fork());
  }

  private async rows(): Promise<string> {
    const all = TABLES.map((table) => `(select json_agg(t order by t::text) from ${table} t)`);
    const { rows } = await this.client.query<{ rows: unknown }>(
      `select json_build_array(${all.join(', ')}) as rows`,
    );
    return JSON.stringify(rows[0]?.rows);
  }
}

/** One connection: whoever does not give it back stops everything. */
function ormOptions(line: FaultLine, pipeline: boolean): Options {
  return {
    pool: { min: 0, max: 1 },
    driverOptions: { ...line.driverOptions, pipeline, connectionTimeoutMillis: 5_000 },
  };
}
