/**
 * Measures how fast a trail is sealed, and how fast and with how much memory `mikro-audit verify` proves it: `npm run bench:evidence`.
 * Changes have a request as their origin, two changed properties and an actor. Options: `--rows N`. Runs with
 * test/e2e/typescript-loader.mjs, see package.json.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EntitySchema } from '@mikro-orm/postgresql';
import type { INestApplicationContext } from '@nestjs/common';
import { AuditSequencer } from 'nestjs-mikro-audit';
import { startSealingApps } from './database/sealing-apps.js';

const PROGRAM = fileURLToPath(new URL('../libs/audit/dist/cli/main.js', import.meta.url));

const { values } = parseArgs({ options: { rows: { type: 'string', default: '300000' } } });
await measure(Number(values.rows));

async function measure(rows: number): Promise<void> {
  const Tag = new EntitySchema<{ id: number; name: string; rank: number }>({
    name: 'Tag',
    tableName: 'tag',
    properties: {
      id: { type: 'integer', primary: true },
      name: { type: 'string' },
      rank: { type: 'integer' },
    },
  });
  const { sequencing, sealing, orm, databaseUrl, folder, origin, key, stop } = await startSealingApps(Tag);
  await orm.em.fork().execute(
    `insert into audit_change (recorded_at, actor_type, actor_id, actor_label, entity_type, entity_id, operation, before, after, outcome, origin, correlation_id)
    select clock_timestamp(), 'user', 'u-' || n % 100, 'Ada', 'tag', (n % 1000)::text, 'update', jsonb_build_object('name', 'tag ' || n, 'rank', n),
      jsonb_build_object('name', 'tag ' || n + 1, 'rank', n + 1), 'success',
      '{"ip": "10.0.0.1", "source": "http", "method": "POST", "route": "/tags/:id", "userAgent": "Mozilla/5.0", "handler": "Tags.update"}', 'c-' || n
    from generate_series(1, ${rows}) n`,
  );
  await orm.em.fork().execute('vacuum analyze audit_change');
  await until(sequencing, rows, 'size');
  const started = [performance.now(), process.cpuUsage().user / 1_000] as const;
  await until(sealing, rows, 'sealed');
  const sealed = [performance.now() - started[0], process.cpuUsage().user / 1_000 - started[1]] as const;
  await until(sealing, rows, 'covered');
  const rate = (milliseconds: number): number => Math.round((rows / milliseconds) * 1_000);
  console.log(
    `sealed ${rate(sealed[0])} rows a second; one thread of Node was busy for ${Math.round((sealed[1] / sealed[0]) * 100)} % of it`,
  );
  const began = performance.now();
  // It tells at its end the most memory that it has taken, and how long it was busy.
  const telling = `data:text/javascript,process.on('exit',()=>console.log(process.resourceUsage().maxRSS,process.cpuUsage().user))`;
  const command = [
    'verify',
    '--database',
    databaseUrl,
    '--checkpoint',
    folder,
    '--origin',
    origin,
    '--key',
    key,
  ];
  const answer = execFileSync(process.execPath, ['--import', telling, PROGRAM, ...command], {
    encoding: 'utf8',
  });
  const took = performance.now() - began;
  const lines = answer.trim().split('\n');
  const [most = 0, busy = 0] = (lines.pop() ?? '').split(' ').map(Number);
  console.log(
    `verified ${rate(took)} rows a second, with the start of the program, which took ${Math.round(most / 1024)} MB at most and was busy for ${Math.round(busy / took / 10)} % of it:\n${lines.join('\n')}`,
  );
  await stop();
}

/** Runs the sequencer of an app until all has a position, or is sealed. */
async function until(
  app: INestApplicationContext,
  rows: number,
  what: 'size' | 'sealed' | 'covered',
): Promise<void> {
  const ending = new AbortController();
  const running = app.get(AuditSequencer).run(ending.signal);
  for (;;) {
    await pause(100);
    const [trail] = await app.get(AuditSequencer).health();
    if (Number((what === 'size' ? trail?.size : trail?.evidence?.[what]) ?? 0) >= rows) {
      break;
    }
  }
  ending.abort();
  await running;
}
