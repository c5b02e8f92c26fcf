import { beforeEach, describe, expect, it } from '@jest/globals';
import { sequenced } from '../../support/sequenced.js';
import { isSoak } from '../../support/soak.js';
import { NO_FAULT, orderFaults } from './given-order.js';
import { KilledLeaders } from './killed-leaders.js';
import { OrderWriter, ROWS } from './order-writers.js';
import { useSequence } from './use-sequence.js';

const WRITERS = 24;
/** Half an hour in a soak, as long as a minute of the test suite may be otherwise. */
const SECONDS = isSoak ? 1_800 : 4;
const KILL_EVERY = isSoak ? 20_000 : 1_000;

const suite = useSequence();

/** As many transactions of each kind as the time allows; returns the changes that they have committed. */
const write = async (seconds: number): Promise<number> => {
  const ending = AbortSignal.timeout(seconds * 1_000);
  const writers = Array.from({ length: WRITERS }, () => new OrderWriter(suite.url));
  await Promise.all(writers.map((writer) => writer.run(ending)));
  return writers.reduce((sum, { committed }) => sum + committed, 0);
};

beforeEach(async () => {
  await suite.client.query('insert into counted (id) select generate_series(1, $1::int)', [ROWS]);
});

describe('positions', () => {
  it(
    `are those of the commits, with ${WRITERS} writers and sequencers that are killed (${SECONDS} s)`,
    async () => {
      const leaders = await KilledLeaders.start([suite.url], 2);
      const killing = new AbortController();
      const killed = leaders.killEvery(KILL_EVERY, killing.signal);
      try {
        const committed = await write(SECONDS);
        killing.abort();
        await killed;
        await sequenced(suite.app);
        const { rows } = await suite.client.query('select count(*)::int as n from audit_change');
        process.stderr.write(`\n${committed} changes, ${leaders.killed} leaders killed\n`);
        expect(rows).toEqual([{ n: committed }]);
        expect(leaders.killed).toBeGreaterThan(0);
        expect(await orderFaults(suite.client)).toEqual(NO_FAULT);
      } finally {
        killing.abort();
        await killed;
        await leaders.end();
      }
    },
    4 * 60 * 60_000,
  );
});
