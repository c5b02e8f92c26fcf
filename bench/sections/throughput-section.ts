import type { Contender } from '../contenders/contender.js';
import { openContender } from '../contenders/contenders.js';
import { runSeries, type Variant } from '../measure/series.js';
import type { Section } from '../report/result.js';
import { CLIENTS, throughputVariant } from '../rows/throughput-row.js';
import { type BenchRun, rowsOf } from './bench-run.js';

/** Many clients at once, audited and not. */
export async function throughputSection({ server, plan, progress }: BenchRun): Promise<Section> {
  progress.begin(`${CLIENTS} clients at once`, plan.throughput);
  const contenders: Contender[] = [];
  for (const name of ['plain', 'library', 'floor'] as const) {
    const url = await server.createDatabase(`clients_${name}`);
    contenders.push(await openContender(name, { url, connections: CLIENTS, createSchema: true }));
  }
  const variants: Variant[] = [];
  for (const contender of contenders) {
    variants.push(await throughputVariant(contender));
  }
  const series = await runSeries(
    variants,
    { budget: plan.throughput * 1_000, atLeast: 3, atMost: 500 },
    progress,
  );
  for (const contender of contenders) {
    await contender.close();
  }
  return {
    id: 'throughput',
    rows: rowsOf(series, { base: 'plain', changes: 1, nameOf: () => 'throughput' }),
    extra: { clients: CLIENTS },
  };
}
