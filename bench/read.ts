/**
 * Measures the cost of reading the trail: `npm run bench:read`, about 5 minutes and 6 GB of disk for 10 million changes; writes
 * docs/benchmarks-read.md. Options: `--rows N`, `--json`. Runs with test/e2e/typescript-loader.mjs, see package.json.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuditModule, AuditReader, auditEntities } from 'nestjs-mikro-audit';
import pg from 'pg';
import { explain } from '../test/integration/performance/query-plan.js';
import { SentStatements } from '../test/integration/performance/sent-statements.js';
import { startBenchServer } from './database/bench-server.js';
import { entityKey, fillTrail, shapeOf } from './reading/fill-trail.js';
import { type ReadResult, readMarkdown, readText } from './reading/read-report.js';
import { readerQueries } from './reading/reader-queries.js';
import { Order, orderPolicy } from './reading/trail-model.js';
import { ProgressBar } from './report/progress-bar.js';

const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '10000000' }, json: { type: 'boolean', default: false } },
});
/** A smaller trail says nothing about a large one. */
const FOR_THE_DOCS = 10_000_000;

const shape = shapeOf(Number(options.rows));
const sent = new SentStatements();
const server = await startBenchServer({
  fsync: 'off',
  shared_buffers: '2GB',
  maintenance_work_mem: '1GB',
  // PostgreSQL does not log rows of a table made in the same transaction.
  wal_level: 'minimal',
  max_wal_senders: '0',
});
try {
  const clientUrl = await server.createDatabase('reading');
  @Module({
    imports: [
      MikroOrmModule.forRoot({
        driver: PostgreSqlDriver,
        clientUrl,
        entities: [Order, ...auditEntities],
        driverOptions: sent.driverOptions,
      }),
      AuditModule.forRoot({ policies: [orderPolicy] }),
    ],
  })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  const client = new pg.Client({ connectionString: clientUrl });
  await client.connect();
  await app.get<unknown, MikroORM>(MikroORM).schema.create();
  await report(client, app.get(AuditReader));
  await client.end();
  await app.close();
} finally {
  await server.stop();
}

async function report(client: pg.Client, reader: AuditReader): Promise<void> {
  const progress = new ProgressBar(1);
  progress.begin(`filling in ${shape.changes} changes`, 1);
  const started = performance.now();
  await fillTrail(client, shape, progress);
  progress.end();
  const seconds = (performance.now() - started) / 1_000;
  const { rows: keys } = await client.query<{ hot: string; cold: string }>(
    `select ${entityKey('0')} as hot, ${entityKey(String(Math.min(4_711, shape.entities - 1)))} as cold`,
  );
  const [ids = { hot: '', cold: '' }] = keys;
  // Of the first of two changes.
  const revision = String((shape.revisions >> 1) * 2 + 1);
  const queries: ReadResult['queries'][number][] = [];
  for (const { name, statement } of await readerQueries(reader, sent, { ...ids, revision, actor: '47' })) {
    const first = await explain(client, statement);
    queries.push({ name, first, again: await explain(client, statement) });
  }
  const result = { version: server.version, shape, seconds, sizes: await sizesOf(client), queries };
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : readText(result));
  if (shape.changes >= FOR_THE_DOCS) {
    writeFileSync(new URL('../docs/benchmarks-read.md', import.meta.url), readMarkdown(result));
  }
}

async function sizesOf(client: pg.Client): Promise<ReadResult['sizes']> {
  const { rows } = await client.query<{ name: string; megabytes: number }>(
    `select relname as name, round(pg_relation_size(oid) / 1e6)::int as megabytes
     from pg_class where relname like 'audit\\_%' and relkind in ('r', 'i') order by relkind desc, relname`,
  );
  return rows;
}
