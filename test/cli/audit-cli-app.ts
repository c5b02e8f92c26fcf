import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ensureLibraryBuilt } from '../support/library-build.js';
import { PROJECT, SCRATCH } from '../support/project-paths.js';
import { type CommandResult, tryCommand } from '../support/run-command.js';
import { runProgram } from '../support/run-program.js';
import { isSoak } from '../support/soak.js';

/** Enough of them that a command is under way for a while. */
export const BOOKS = isSoak ? 100_000 : 3_000;

/** A stranger's app, in plain JavaScript, whose rows are older than its trail. */
const MODULE = `
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { defineConfig, defineEntity, p } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { auditEntities, AuditModule, auditPolicy, AuditPostgreSqlDriver, auditTriggers } from 'nestjs-mikro-audit';

const Author = defineEntity({ name: 'Author', properties: { id: p.integer().primary(), name: p.string() } });
const Book = defineEntity({
  name: 'Book',
  properties: {
    id: p.integer().primary(),
    title: p.string(),
    price: p.decimal().precision(8).scale(2),
    secret: p.string().nullable(),
    author: () => p.manyToOne(Author).ref(),
    readers: () => p.manyToMany(Author),
  },
});
const policies = [auditPolicy(Author, { label: 'name' }), auditPolicy(Book, { mask: { secret: 'redact' } })];
const triggers = { discovery: { afterDiscovered: auditTriggers({ policies }) } };
export const config = defineConfig({
  ...(process.env.APP_TRIGGERS === 'true' ? triggers : {}),
  clientUrl: process.env.APP_DATABASE_URL,
  driver: AuditPostgreSqlDriver,
  entities: [Author, Book, ...auditEntities],
});

export class AppModule {}
Module({
  imports: [
    MikroOrmModule.forRoot(config),
    AuditModule.forRoot({ policies }),
  ],
})(AppModule);
`;

const CREATE = `
import { MikroORM } from '@mikro-orm/postgresql';
import { config } from './app.module.js';
const orm = await MikroORM.init(config);
await orm.schema.create();
await orm.close();
`;

/** The app in a folder and with a database of its own. */
export class AuditCliApp {
  private constructor(
    readonly folder: string,
    private readonly database: TestDatabase,
    readonly client: pg.Client,
    private readonly hasTriggers: boolean,
  ) {}

  /** Of the database. */
  get url(): string {
    return this.database.url;
  }

  /** @param hasTriggers whether triggers record what is written past the app */
  static async create(hasTriggers = false): Promise<AuditCliApp> {
    await ensureLibraryBuilt();
    const database = await createTestDatabase();
    await mkdir(SCRATCH, { recursive: true });
    // Inside the project, so that the packages resolve as they do in a user's app.
    const folder = await mkdtemp(join(SCRATCH, 'audit-cli-'));
    const manifest = { name: 'app', type: 'module', 'mikro-audit': { module: './app.module.js#AppModule' } };
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(folder, 'app.module.js'), MODULE);
    await writeFile(join(folder, 'create.js'), CREATE);
    const client = new pg.Client(database.url);
    await client.connect();
    const app = new AuditCliApp(folder, database, client, hasTriggers);
    const { code, output } = await app.node(['create.js']);
    if (code !== 0) {
      throw new Error(output);
    }
    return app;
  }

  /** Authors and books with readers, as something else has put them there, before there were triggers. */
  async fill(books: number): Promise<void> {
    await this.client.query(`set session_replication_role = replica;
      insert into author (id, name) select n, 'Author ' || n from generate_series(1, 50) n;
      insert into book (id, title, price, secret, author_id)
        select n, 'Book ' || n, n % 100, 'hush', 1 + n % 50 from generate_series(1, ${books}) n;
      insert into book_readers (book_id, author_id) select n, 1 + n % 50 from generate_series(1, ${books}) n;
      set session_replication_role = origin;`);
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    return this.node([PROGRAM, ...args], env);
  }

  /** As `run`, in this process. */
  answer(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    return runProgram(args, { cwd: this.folder, env: { ...this.environment(), ...env } });
  }

  /** Starts the command and kills it without mercy, at some moment after it has begun to write to the trail. */
  async killWhileRecording(args: readonly string[]): Promise<void> {
    const before = await this.size();
    await this.kill(args, async () => (await this.size()) > before);
  }

  /** Starts the command and kills it without mercy, at some moment after it has begun to read the trail page by page. */
  async killWhileReading(args: readonly string[]): Promise<void> {
    await this.kill(args, async () => {
      const [row] = await this.query<{ readonly n: number }>(
        `select count(*)::int as n from pg_stat_activity where datname = current_database()
         and pid <> pg_backend_pid() and query like '%with ordinality wanted%'`,
      );
      return (row?.n ?? 0) > 0;
    });
  }

  private async kill(args: readonly string[], hasBegun: () => Promise<boolean>): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: this.folder,
      env: { ...process.env, ...this.environment() },
      stdio: 'ignore',
    });
    let isOver = false;
    const exited = new Promise<void>((resolve) => {
      child.on('exit', () => {
        isOver = true;
        resolve();
      });
    });
    while (!isOver && !(await hasBegun())) {
      await pause(5);
    }
    await pause(Math.random() * 100);
    child.kill('SIGKILL');
    await exited;
  }

  /**
   * Runs a command that goes on until it is told to end, which it is as soon as something holds.
   * @param holds is given what it has said on stderr: before that, it may not listen yet
   */
  async runUntil(
    args: readonly string[],
    holds: (notes: string) => Promise<boolean>,
  ): Promise<CommandResult> {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: this.folder,
      env: { ...process.env, ...this.environment() },
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (piece) => {
      said.stdout += piece;
    });
    child.stderr.on('data', (piece) => {
      said.stderr += piece;
    });
    const ended = once(child, 'close');
    while (child.exitCode === null && !(await holds(said.stderr))) {
      await pause(20);
    }
    child.kill('SIGTERM');
    const [code] = await ended;
    return { code: Number(code), stdout: said.stdout, output: said.stdout + said.stderr };
  }

  private async size(): Promise<number> {
    const [row] = await this.query<{ readonly n: number }>('select count(*)::int as n from audit_change');
    return row?.n ?? 0;
  }

  /** Another program, with a connection of its own. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client(this.database.url);
    await client.connect();
    return client;
  }

  async query<Row>(sql: string): Promise<readonly Row[]> {
    return (await this.client.query(sql)).rows;
  }

  async close(): Promise<void> {
    await this.client.end();
    await rm(this.folder, { recursive: true, force: true });
    await this.database.drop();
  }

  node(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    return tryCommand(process.execPath, args, {
      cwd: this.folder,
      env: { ...this.environment(), ...env },
    });
  }

  private environment(): Readonly<Record<string, string>> {
    return {
      APP_DATABASE_URL: this.database.url,
      APP_TRIGGERS: String(this.hasTriggers),
      NODE_OPTIONS: '--no-warnings',
    };
  }
}

const PROGRAM = join(PROJECT, 'libs', 'audit', 'dist', 'cli', 'main.js');
