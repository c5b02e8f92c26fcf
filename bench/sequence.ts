/**
 * Measures the throughput that writers lose while a sequencer gives positions to their changes, and while it seals them: `npm run bench:sequence`. Sixteen clients of
 * a real PostgreSQL, with fsync, load an entity, change it and flush. The sequencer works in their process, as it does in an app; rounds without it, with it and with seals take turns. Options: `--rounds N`, `--seconds N`. Runs with test/e2e/typescript-loader.mjs, see package.json.
 */
import { parseArgs } from 'node:util';
import { EntitySchema } from '@mikro-orm/postgresql';
import type { INestApplicationContext } from '@nestjs/common';
import { AuditContext, AuditSequencer } from 'nestjs-mikro-audit';
import { startSealingApps } from './database/sealing-apps.js';

const CLIENTS = 16;
const ROWS = 10_000;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '8' }, seconds: { type: 'string', default: '5' } },
});
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];

const Account = new EntitySchema<{ id: number; balance: number }>({
  name: 'Account',
  tableName: 'account',
  properties: { id: { type: 'integer', primary: true }, balance: { type: 'integer' } },
});

const { sequencing, sealing, orm, stop } = await startSealingApps(Account, CLIENTS);
const context = sequencing.get(AuditContext);
await orm.em.fork().execute(`insert into account select n, 0 from generate_series(1, ${ROWS}) n`);

/** Changes per second. */
async function load(): Promise<number> {
  const end = performance.now() + seconds * 1_000;
  let count = 0;
  const change = async (): Promise<void> => {
    const em = orm.em.fork();
    const account = await em.findOneOrFail(Account, 1 + Math.floor(Math.random() * ROWS));
    account.balance += 1;
    await em.flush();
    count += 1;
  };
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (performance.now() < end) {
        await context.run(
          { actor: { type: 'user', id: 'u1', label: 'Ada' }, correlationId: 'bench' },
          change,
        );
      }
    }),
  );
  return count / seconds;
}

/** The rate beside a sequencer, which first does what the rounds before have left. */
async function beside(app: INestApplicationContext): Promise<number> {
  const ending = new AbortController();
  const running = app.get(AuditSequencer).run(ending.signal);
  for (;;) {
    const [trail] = await app.get(AuditSequencer).health();
    if (trail?.lastTickAt && trail.waiting === 0 && (trail.evidence?.sealed ?? trail.size) === trail.size) {
      break;
    }
  }
  const rate = await load();
  const [trail] = await app.get(AuditSequencer).health();
  behind = Math.max(behind, Number(trail?.size) - Number(trail?.evidence?.sealed ?? trail?.size));
  ending.abort();
  await running;
  return rate;
}

const middle = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const variants = {
  'without sequencer': load,
  'with sequencer': () => beside(sequencing),
  'with sequencer and seals': () => beside(sealing),
};
const names = Object.keys(variants) as (keyof typeof variants)[];
const rates = names.map((): number[] => []);
/** Positions that were not sealed yet when a round ended. */
let behind = 0;
await load();
for (let round = 0; round < rounds; round += 1) {
  // In turn, so that none always comes first.
  for (const place of names.map((_, index) => (index + round) % names.length)) {
    rates[place]?.push(await variants[names[place] as keyof typeof variants]());
  }
}
console.log(`changes per second, medians of ${rounds} rounds of ${seconds} s`);
for (const [place, name] of names.entries()) {
  const ratio = middle((rates[place] ?? []).map((rate, round) => rate / (rates[0]?.[round] ?? Number.NaN)));
  console.log(`${name}: ${Math.round(middle(rates[place] ?? []))}, ${ratio.toFixed(3)} of that without`);
}
console.log(`at most ${behind} positions were not sealed yet when a round ended`);
await stop();
