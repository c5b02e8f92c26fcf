import type { Contender, ContenderName } from '../contenders/contender.js';
import { CONTENDERS, openContender } from '../contenders/contenders.js';
import { type DelayProxy, startDelayProxy } from '../database/delay-proxy.js';
import { runSeries, type Variant } from '../measure/series.js';
import { median } from '../measure/summary.js';
import type { Section } from '../report/result.js';
import { requestVariant } from '../rows/request-rows.js';
import { type BenchRun, rowsOf } from './bench-run.js';

/** Load by key, change 2 fields, flush; with the database on this machine. */
export async function requestSection({ server, plan, progress }: BenchRun): Promise<Section> {
  progress.begin('load, change, flush', plan.request);
  const contenders = await open(CONTENDERS, (name) => server.createDatabase(`request_${name}`));
  const series = await runSeries(
    await variantsOf(contenders),
    { budget: plan.request * 1_000, atLeast: 20, atMost: 4_000, warmUp: plan.warmUp },
    progress,
  );
  await close(contenders);
  return { id: 'request', rows: rowsOf(series, { base: 'plain', changes: 1, nameOf: () => 'request' }) };
}

/** The same with a network between, 1 ms each way. */
export async function networkSection({ server, plan, progress }: BenchRun): Promise<Section> {
  progress.begin('load, change, flush over a network', plan.network);
  let proxy: DelayProxy | undefined;
  const contenders = await open(CONTENDERS, async (name) => {
    const url = await server.createDatabase(`network_${name}`);
    proxy ??= await startDelayProxy(url, 1);
    return proxy.through(url);
  });
  const variants = await variantsOf(contenders);
  const roundTrip = await roundTripOf(contenders[0]);
  const series = await runSeries(
    variants,
    { budget: plan.network * 1_000, atLeast: 20, atMost: 4_000 },
    progress,
  );
  await close(contenders);
  proxy?.stop();
  return {
    id: 'network',
    rows: ['request +1 ms', 'request +1 ms, sendWithCommit'].flatMap((name) =>
      rowsOf(series, { base: 'plain', changes: 1, nameOf: () => name }),
    ),
    extra: { roundTripMilliseconds: roundTrip },
  };
}

async function open(
  names: readonly ContenderName[],
  urlOf: (name: ContenderName) => Promise<string>,
): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const name of names) {
    contenders.push(
      await openContender(name, { url: await urlOf(name), connections: 1, createSchema: true }),
    );
  }
  return contenders;
}

async function variantsOf(contenders: readonly Contender[]): Promise<Variant[]> {
  const variants: Variant[] = [];
  for (const contender of contenders) {
    variants.push(await requestVariant(contender));
  }
  return variants;
}

async function close(contenders: readonly Contender[]): Promise<void> {
  for (const contender of contenders) {
    await contender.close();
  }
}

/** Milliseconds that one statement takes which does nothing. */
async function roundTripOf(contender: Contender | undefined): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 100; round++) {
    const started = performance.now();
    await contender?.orm.em.getConnection().execute('select 1');
    times.push(performance.now() - started);
  }
  return median(times);
}
