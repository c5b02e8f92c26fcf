/**
 * What writers lose while a sequencer gives positions to their changes: `npm run bench:sequence`. Sixteen clients of a real PostgreSQL,
 * with fsync, change a row and add a change in each transaction; rounds with the sequencer and without take turns. Options:
 * `--rounds N`, `--seconds N`. Runs with test/e2e/typescript-loader.mjs, see package.json.
 */
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { MikroORM } from '@mikro-orm/core';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { EntitySchema, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuditModule, AuditSequencer, auditEntities, auditPolicy } from 'nestjs-mikro-audit';
import pg from 'pg';
import { startEmbeddedDatabase } from '../src/database/embedded-database.js';

const CLIENTS = 16;
const ROWS = 10_000;
const CHANGE = `with changed as (update account set balance = balance + 1 where id = $1 returning id, balance)
insert into audit_change (actor_type, actor_id, outcome, entity_type, entity_id, operation, before, after)
select 'user', 'u1', 'success', 'account', id, 'update', jsonb_build_object('balance', balance - 1), jsonb_build_object('balance', balance)
from changed`;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '8' }, seconds: { type: 'string', default: '5' } },
});
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];

const Account = new EntitySchema<{ id: number; balance: number }>({
  name: 'Account',
  tableName: 'account',
  properties: { id: { type: 'integer', primary: true }, balance: { type: 'integer' } },
});

const database = await startEmbeddedDatabase({ persistent: false });
class BenchModule {}
Module({
  imports: [
    MikroOrmModule.forRoot({
      driver: PostgreSqlDriver,
      clientUrl: database.url,
      entities: [Account, ...auditEntities],
    }),
    AuditModule.forRoot({ sequencer: false, policies: [auditPolicy(Account, { name: 'account' })] }),
  ],
})(BenchModule);
const app = await NestFactory.createApplicationContext(BenchModule, { logger: false });
const orm = app.get(MikroORM);
await orm.schema.create();
const clients = await Promise.all(
  Array.from({ length: CLIENTS }, async () => {
    const client = new pg.Client(database.url);
    await client.connect();
    return client;
  }),
);
await clients[0]?.query(`insert into account select n, 0 from generate_series(1, ${ROWS}) n`);

/** Transactions per second. */
async function load(): Promise<number> {
  const end = performance.now() + seconds * 1_000;
  const counts = await Promise.all(
    clients.map(async (client) => {
      let count = 0;
      for (; performance.now() < end; count += 1) {
        await client.query({ name: 'change', text: CHANGE, values: [1 + Math.floor(Math.random() * ROWS)] });
      }
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}

async function sequenced(): Promise<number> {
  const ending = new AbortController();
  const running = app.get(AuditSequencer).run(ending.signal);
  // What the round before has left is not its own.
  for (;;) {
    const [trail] = await app.get(AuditSequencer).health();
    if (trail?.lastTickAt && trail.waiting === 0) {
      break;
    }
  }
  const rate = await load();
  ending.abort();
  await running;
  return rate;
}

const middle = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

await load();
const [off, on]: [number[], number[]] = [[], []];
for (let round = 0; round < rounds; round += 1) {
  // In turn, so that neither always comes first.
  for (const isOn of round % 2 === 0 ? [false, true] : [true, false]) {
    (isOn ? on : off).push(await (isOn ? sequenced() : load()));
  }
}
const ratio = middle(on.map((rate, round) => rate / (off[round] ?? Number.NaN)));
console.log(
  `transactions per second, medians of ${rounds} rounds of ${seconds} s: ${Math.round(middle(off))} without, ${Math.round(middle(on))} with; ratio of neighbours ${ratio.toFixed(3)}`,
);
await Promise.all(clients.map((client) => client.end()));
await app.close();
await database.stop();
