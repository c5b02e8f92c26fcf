import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeadlockException, DriverException } from '@mikro-orm/core';
import { AuditCaptureError, AuditWriteError } from 'nestjs-mikro-audit';
import { isSoak } from '../../support/soak.js';
import { isAuditWrite } from '../../support/statement-log.js';
import { type FailedWork, FaultBench } from './fault-bench.js';
import { FAULTS, type Fault, RESET } from './fault-line.js';
import { FLUSH_SHAPES, type FlushShape } from './flush-shapes.js';

let unaudited: FaultBench;

beforeAll(async () => {
  unaudited = await FaultBench.unaudited();
});
afterAll(() => unaudited.close());

/** Every fault; in `npm test` one, another from statement to statement, and for every fifth one of the further modes. */
function faultsAt(statement: number, shape: FlushShape, mode: number): readonly Fault[] {
  if (isSoak) {
    return FAULTS;
  }
  const turn = statement + FLUSH_SHAPES.indexOf(shape) + mode;
  return mode > 0 && turn % 5 > 0 ? [] : FAULTS.filter((_, index) => index === turn % FAULTS.length);
}

/** Everything that an application can tell errors apart by. */
function faceOf(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return error;
  }
  const { message, cause } = error;
  return { class: error.constructor, code: codeOf(error), message, cause: faceOf(cause) };
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : null;
}

/** A statement of ours failed, so the error says so, unless it is one after which work is repeated. */
function expectOurError(error: unknown, { sqlState }: Fault): void {
  const isConflict = sqlState === '40001' || sqlState === '40P01';
  const isOurs = error instanceof AuditCaptureError || error instanceof AuditWriteError;
  const exception = isOurs ? error.cause : error;
  expect(exception).toBeInstanceOf(isConflict ? DeadlockException : DriverException);
  expect(isOurs).toBe(!isConflict);
  expect(codeOf(exception as Error) ?? null).toBe(sqlState);
}

describe.each([
  [0, 'audited', false, {}],
  [1, 'exact', true, {}],
  [2, 'sent with the commit', false, { sendWithCommit: true }],
] as const)('when one statement fails (%i: %s)', (mode, _title, exact, options) => {
  let audited: FaultBench;

  beforeAll(async () => {
    audited = await FaultBench.audited(exact, options);
  });
  afterAll(() => audited.close());

  function expectSame(failed: FailedWork, without: FailedWork): void {
    expect({ ...failed, error: faceOf(failed.error) }).toEqual({ ...without, error: faceOf(without.error) });
  }

  it.each(FLUSH_SHAPES.map((shape) => [shape.title, shape] as const))(
    '%s leaves nothing half done, with the error that it has without auditing',
    async (_shape, shape) => {
      const rowsBefore = await audited.rowsBefore();
      const own = new Set(await unaudited.statementsOf(shape));
      for (const [index, statement] of (await audited.statementsOf(shape)).entries()) {
        for (const fault of faultsAt(index, shape, mode)) {
          const failed = await audited.fail(shape, statement, fault);
          if (own.has(statement)) {
            expectSame(failed, await unaudited.fail(shape, statement, fault));
          } else if (fault.isLost && 'sendWithCommit' in options && isAuditWrite(statement)) {
            // The COMMIT was sent with it: its own error does not claim to know what became of it.
            const atCommit = await unaudited.fail(shape, 'commit (1)', RESET);
            expect(faceOf(failed.error)).toEqual(faceOf(atCommit.error));
          } else if (!(shape.isTolerant && (fault.isLost || failed.error === null))) {
            expectOurError(failed.error, fault);
          }
          if (failed.error !== null) {
            expect(failed.rows).toBe(rowsBefore);
          }
        }
      }
    },
    120_000,
  );
});
