/**
 * One transaction of many changes, in a process of its own because of its memory. Prints a TransactionCost as JSON.
 * Run: node --expose-gc --import ../../test/e2e/typescript-loader.mjs transaction-process.ts CONTENDER URL CHANGES
 */
import { openContender } from '../contenders/contenders.js';
import { orderValues } from '../contenders/order-model.js';
import { serverTimes } from '../measure/cost.js';
import type { TransactionCost } from './transaction-row.js';

const [, , name = '', url = '', changes = ''] = process.argv;
const FLUSH = 1_000;
const WARM_UP = 2_000;

const contender = await openContender(name === 'library' ? 'library' : 'plain', {
  url,
  connections: 1,
  createSchema: true,
});
const { orm, model, backends, run } = contender;

let peak = 0;
/** CPU of collecting garbage only to see what is left: not part of the work. */
let ofCollector = 0;

/** The transaction does not need the memory of garbage. */
function liveMemory(): number {
  const before = process.cpuUsage();
  globalThis.gc?.();
  const { user, system } = process.cpuUsage(before);
  ofCollector += user + system;
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function transaction(count: number): Promise<void> {
  await run(() =>
    orm.em.fork().transactional(async (em) => {
      for (let index = 0; index < count; index += FLUSH) {
        const customer = em.getReference(model.Customer, 1);
        for (let inFlush = 0; inFlush < FLUSH; inFlush++) {
          em.create(model.Order, { ...orderValues(index + inFlush), customer });
        }
        await em.flush();
        em.clear();
        peak = Math.max(peak, liveMemory());
      }
    }),
  );
}

await transaction(WARM_UP);
const idle = liveMemory();
[peak, ofCollector] = [0, 0];
const [server] = serverTimes(backends.pids()).values();
const cpu = process.cpuUsage();
const started = performance.now();
await transaction(Number(changes));
const wall = performance.now() - started;
const { user, system } = process.cpuUsage(cpu);
const [serverAfter] = serverTimes(backends.pids()).values();
const cost: TransactionCost = {
  wall: wall * 1_000,
  node: user + system - ofCollector,
  server: server === undefined || serverAfter === undefined ? null : serverAfter - server,
  peakBytes: peak - idle,
  peakResidentBytes: process.resourceUsage().maxRSS * 1_024,
};
await contender.close();
process.stdout.write(JSON.stringify(cost));
