import { CONTEXT_VARIANTS, ContextServer } from '../context/context-server.js';
import { runSeries } from '../measure/series.js';
import type { Section } from '../report/result.js';
import { type BenchRun, rowsOf } from './bench-run.js';

/** What it costs a request to know who it is, before anything is written. */
export async function contextSection({ server, plan, progress }: BenchRun): Promise<Section> {
  progress.begin('context of a request', plan.context);
  const url = await server.createDatabase('context');
  const servers: ContextServer[] = [];
  try {
    for (const name of CONTEXT_VARIANTS) {
      servers.push(await ContextServer.start(name, url));
    }
    const series = await runSeries(
      servers,
      { budget: plan.context * 1_000, atLeast: 3, atMost: 100 },
      progress,
    );
    return {
      id: 'context',
      rows: rowsOf(series, { base: 'none', changes: 1, nameOf: () => 'empty handler' }),
    };
  } finally {
    for (const each of servers) {
      each.stop();
    }
  }
}
