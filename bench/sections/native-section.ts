import type { Contender, ContenderName } from '../contenders/contender.js';
import { openContender } from '../contenders/contenders.js';
import { type DelayProxy, startDelayProxy } from '../database/delay-proxy.js';
import { runSeries } from '../measure/series.js';
import type { Row, Section } from '../report/result.js';
import { nativeVariant } from '../rows/native-rows.js';
import { insertOrders } from '../rows/request-rows.js';
import { type BenchRun, rowsOf } from './bench-run.js';

const NAMES: readonly ContenderName[] = ['plain', 'triggers', 'trigger'];

/** Native updates of growing size. */
export async function nativeSection({ server, plan, progress }: BenchRun): Promise<Section> {
  const sizes = Object.entries(plan.native).map(([size, seconds]) => [Number(size), seconds] as const);
  const most = Math.max(...sizes.map(([size]) => size));
  const contenders = await open(most, (name) => server.createDatabase(`native_${name}`));
  const rows: Row[] = [];
  for (const [size, seconds] of sizes) {
    progress.begin(`native update of ${size}`, seconds);
    const series = await runSeries(
      contenders.map(({ contender, ids }) => nativeVariant(contender, ids.slice(0, size))),
      { budget: seconds * 1_000, atLeast: 3, atMost: 4_000, warmUp: size === 1 ? plan.warmUp : 0 },
      progress,
    );
    rows.push(...rowsOf(series, { base: 'plain', changes: size, nameOf: () => `native update ${size}` }));
  }
  await close(contenders);
  return { id: 'native', rows };
}

/** One row, with a network between, 1 ms each way. */
export async function nativeNetworkSection({ server, plan, progress }: BenchRun): Promise<Section> {
  progress.begin('native update over a network', plan.network);
  let proxy: DelayProxy | undefined;
  const contenders = await open(1, async (name) => {
    const url = await server.createDatabase(`native_network_${name}`);
    proxy ??= await startDelayProxy(url, 1);
    return proxy.through(url);
  });
  const series = await runSeries(
    contenders.map(({ contender, ids }) => nativeVariant(contender, ids)),
    { budget: plan.network * 1_000, atLeast: 20, atMost: 4_000 },
    progress,
  );
  await close(contenders);
  proxy?.stop();
  const nameOf = () => 'native update 1 +1 ms';
  return { id: 'nativeNetwork', rows: rowsOf(series, { base: 'plain', changes: 1, nameOf }) };
}

interface OpenContender {
  readonly contender: Contender;
  /** Keys of its orders. */
  readonly ids: readonly string[];
}

async function open(
  orders: number,
  urlOf: (name: ContenderName) => Promise<string>,
): Promise<readonly OpenContender[]> {
  const opened: OpenContender[] = [];
  for (const name of NAMES) {
    const contender = await openContender(name, {
      url: await urlOf(name),
      connections: 1,
      createSchema: true,
    });
    opened.push({ contender, ids: await insertOrders(contender, orders) });
  }
  return opened;
}

async function close(contenders: readonly OpenContender[]): Promise<void> {
  for (const { contender } of contenders) {
    await contender.close();
  }
}
