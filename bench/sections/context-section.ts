import { CONTEXT_VARIANTS, ContextServer, PLATFORMS, type Platform } from '../context/context-server.js';
import { runSeries } from '../measure/series.js';
import type { Row, Section } from '../report/result.js';
import { type BenchRun, rowsOf } from './bench-run.js';

/** The cost of finding out who makes a request, before anything is written. */
export async function contextSection(run: BenchRun): Promise<Section> {
  run.progress.begin('context of a request', run.plan.context);
  const url = await run.server.createDatabase('context');
  const rows: Row[] = [];
  for (const platform of PLATFORMS) {
    rows.push(...(await rowsOn(platform, url, run)));
  }
  return { id: 'context', rows };
}

async function rowsOn(platform: Platform, url: string, { plan, progress }: BenchRun): Promise<Row[]> {
  const servers: ContextServer[] = [];
  try {
    for (const name of CONTEXT_VARIANTS) {
      servers.push(await ContextServer.start(name, platform, url));
    }
    const budget = (plan.context * 1_000) / PLATFORMS.length;
    const series = await runSeries(servers, { budget, atLeast: 3, atMost: 100 }, progress);
    return rowsOf(series, { base: 'none', changes: 1, nameOf: () => `context on ${platform}` });
  } finally {
    for (const each of servers) {
      each.stop();
    }
  }
}
