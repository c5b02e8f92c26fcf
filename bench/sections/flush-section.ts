import type { Contender } from '../contenders/contender.js';
import { CONTENDERS, openContender } from '../contenders/contenders.js';
import { runSql } from '../database/bench-server.js';
import { runSeries } from '../measure/series.js';
import type { Row, Section } from '../report/result.js';
import { flushVariant } from '../rows/flush-rows.js';
import { type BenchRun, rowsOf } from './bench-run.js';

/** One INSERT per change takes too long above this, and has nothing new to tell. */
const MOST_FOR_SUBSCRIBER = 1_000;

/** Flushes of growing size, of all contenders. */
export async function flushSection({ server, plan, progress }: BenchRun): Promise<Section> {
  const urls: string[] = [];
  const contenders: Contender[] = [];
  // Where there is no network, `sendWithCommit` has little to save.
  for (const name of CONTENDERS.filter((each) => each !== 'withCommit')) {
    const url = await server.createDatabase(`flush_${name}`);
    urls.push(url);
    contenders.push(await openContender(name, { url, connections: 1, createSchema: true }));
  }
  const rows: Row[] = [];
  for (const [size, seconds] of Object.entries(plan.flush).map(
    ([key, value]) => [Number(key), value] as const,
  )) {
    progress.begin(`flush of ${size}`, seconds);
    for (const url of urls) {
      // Vacuums by hand: autovacuum is off, because it comes at random.
      await runSql(url, 'vacuum analyze');
    }
    const able = contenders.filter(({ name }) => name !== 'subscriber' || size <= MOST_FOR_SUBSCRIBER);
    const series = await runSeries(
      able.map((contender) => flushVariant(contender, size)),
      {
        budget: seconds * 1_000,
        atLeast: 3,
        atMost: 4_000,
        warmUp: size === 1 ? plan.warmUp : 0,
        collectGarbage: size >= 1_000,
      },
      progress,
    );
    rows.push(
      ...rowsOf(series, { base: 'plain', changes: size, nameOf: (operation) => `${operation} ${size}` }),
    );
  }
  for (const contender of contenders) {
    await contender.close();
  }
  return { id: 'flush', rows: rows.toSorted((a, b) => order(a) - order(b)) };
}

/** By operation, then by size. */
function order({ name, changes }: Row): number {
  return ['insert', 'update', 'delete'].indexOf(name.split(' ')[0] ?? '') * 1e6 + changes;
}
