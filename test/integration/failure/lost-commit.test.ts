import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultBench } from './fault-bench.js';
import { type Connected, type Fault, RESET } from './fault-line.js';
import { FLUSH_SHAPES } from './flush-shapes.js';

/** The server commits, and the connection breaks before anybody hears of it. */
const LOST_ANSWER: Fault = {
  title: 'a lost answer',
  sqlState: null,
  isLost: true,
  strike(client, send, statement) {
    const { stream } = (client as Connected).connection;
    stream.removeAllListeners('data');
    let answer = '';
    stream.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.includes('COMMIT')) {
        stream.resetAndDestroy();
      }
    });
    return send(...statement);
  },
};

let unaudited: FaultBench;

beforeAll(async () => {
  unaudited = await FaultBench.unaudited();
});
afterAll(() => unaudited.close());

describe.each([
  ['of an audited flush', false, {}],
  ['of an exact one', true, {}],
  ['that the audit statement travels with', false, { sendWithCommit: true }],
] as const)('a connection that is lost at the COMMIT %s', (_title, exact, options) => {
  let audited: FaultBench;

  beforeAll(async () => {
    audited = await FaultBench.audited(exact, options);
  });
  afterAll(() => audited.close());

  const [insert] = FLUSH_SHAPES;

  it.each([
    ['before it is sent', RESET, false],
    ['when it is done', LOST_ANSWER, true],
  ])(
    '%s has the error that it has without auditing, which says nothing of the rows',
    async (_when, fault, isDone) => {
      if (!insert) {
        throw new Error('There is no shape.');
      }
      const rowsBefore = await audited.rowsBefore();
      const failed = await audited.fail(insert, 'commit (1)', fault);
      const without = await unaudited.fail(insert, 'commit (1)', fault);
      expect(failed.rows === rowsBefore).toBe(!isDone);
      expect(failed.rows).toBe(without.rows);
      const [error, plain] = [failed.error, without.error] as [Error, Error];
      expect(error.constructor).toBe(plain.constructor);
      expect(error.message).toBe(plain.message);
      expect(error.message).not.toMatch(/rolled back|undone/);
    },
  );
});
