import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CurrentContext, completeContext, mayBeOfOneActor } from '../../context/context-values.js';
import type { ChangeRecord } from '../../model/change-record.js';
import { TransactionScope, type UnwrittenChanges } from './transaction-scope.js';

const record = (entityId: string): ChangeRecord => ({
  entityType: 'order',
  entityId,
  partOfType: null,
  partOfId: null,
  operation: 'create',
  before: null,
  after: {},
});
const context = (actorId: string | null, reason: string | null = null): CurrentContext => ({
  actor: actorId === null ? null : { type: 'user', id: actorId, label: null },
  onBehalfOf: null,
  authenticationMethod: null,
  action: null,
  reason,
  origin: null,
  correlationId: null,
  traceId: null,
  spanId: null,
  metadata: null,
  restoredRevisionId: null,
});
const ANNA = context('anna');
const idsOf = (unwritten: readonly UnwrittenChanges[]) =>
  unwritten.flatMap(({ records }) => records.map(({ entityId }) => entityId));

describe('TransactionScope', () => {
  it('gives its records once, in order', () => {
    const root = TransactionScope.root();
    root.add([record('1'), record('2')], ANNA);
    root.add([record('3')], ANNA);
    expect(root.size).toBe(3);
    expect(idsOf(root.drain())).toEqual(['1', '2', '3']);
    expect([root.size, idsOf(root.drain())]).toEqual([0, []]);
  });

  it('has one revision for the transaction and its savepoints', () => {
    const root = TransactionScope.root();
    const savepoint = root.savepoint().savepoint();
    expect(savepoint.revision).toBe(root.revision);
    expect([root.isOutermost, savepoint.isOutermost]).toEqual([true, false]);
  });

  it('takes over what a released savepoint has', () => {
    const root = TransactionScope.root();
    root.add([record('1')], ANNA);
    const savepoint = root.savepoint();
    savepoint.add([record('2')], ANNA);
    expect([savepoint.size, root.size]).toEqual([2, 2]);
    savepoint.release();
    root.add([record('3')], ANNA);
    expect(idsOf(root.drain())).toEqual(['1', '2', '3']);
  });

  it('drops what a rolled back savepoint has, at any depth', () => {
    const root = TransactionScope.root();
    root.add([record('1')], ANNA);
    const outer = root.savepoint();
    outer.add([record('2')], ANNA);
    const inner = outer.savepoint();
    inner.add([record('3')], ANNA);
    inner.release();
    outer.rollBack();
    expect(idsOf(root.drain())).toEqual(['1']);
  });

  it('drops what an outer scope adds while a savepoint is open, because the connection is inside that', () => {
    const root = TransactionScope.root();
    const savepoint = root.savepoint();
    root.add([record('1')], ANNA);
    savepoint.rollBack();
    root.add([record('2')], ANNA);
    expect(idsOf(root.drain())).toEqual(['2']);
  });

  it('takes back what was written inside a savepoint that is rolled back, before what came later', () => {
    const root = TransactionScope.root();
    root.add([record('1')], ANNA);
    const savepoint = root.savepoint();
    savepoint.add([record('2')], ANNA);
    expect(idsOf(savepoint.drain())).toEqual(['1', '2']);
    expect(root.size).toBe(0);
    savepoint.rollBack();
    root.add([record('3')], ANNA);
    expect(idsOf(root.drain())).toEqual(['1', '3']);
  });

  it('does not take back what was written inside a savepoint that is released', () => {
    const root = TransactionScope.root();
    root.add([record('1')], ANNA);
    const savepoint = root.savepoint();
    savepoint.drain();
    savepoint.release();
    root.rollBack();
    expect(idsOf(root.drain())).toEqual([]);
  });

  it('takes back what a released inner savepoint had written, when the outer one is rolled back', () => {
    const root = TransactionScope.root();
    root.add([record('1')], ANNA);
    const outer = root.savepoint();
    outer.add([record('2')], ANNA);
    const inner = outer.savepoint();
    inner.add([record('3')], ANNA);
    expect(idsOf(inner.drain())).toEqual(['1', '2', '3']);
    inner.release();
    outer.rollBack();
    expect(idsOf(root.drain())).toEqual(['1']);
  });

  it('takes back in order what two savepoints in turn had written', () => {
    const root = TransactionScope.root();
    root.add([record('1')], ANNA);
    const outer = root.savepoint();
    outer.add([record('2')], ANNA);
    const first = outer.savepoint();
    first.drain();
    first.release();
    outer.add([record('3')], ANNA);
    const second = outer.savepoint();
    second.drain();
    second.rollBack();
    expect(idsOf(outer.drain())).toEqual(['3']);
    outer.rollBack();
    expect(idsOf(root.drain())).toEqual(['1']);
  });
});

describe('the context of a TransactionScope', () => {
  it('is what the first flush says, completed by later ones, whoever asks', () => {
    const root = TransactionScope.root();
    expect(root.drain()).toEqual([]);
    root.add([record('1')], context('boris'));
    const savepoint = root.savepoint();
    savepoint.add([record('2')], context('boris', 'why'));
    expect(root.drain().map((each) => each.context)).toEqual([context('boris', 'why')]);
    savepoint.add([record('3')], context(null, 'other'));
    expect(savepoint.drain().map((each) => each.context)).toEqual([context('boris', 'why')]);
  });

  it('is the very object of the only flush, also of one that comes in parts', () => {
    const root = TransactionScope.root();
    root.add([record('1')], ANNA);
    root.add([record('2')], ANNA);
    expect(root.drain()[0]?.context).toBe(ANNA);
  });

  it('is of each actor apart, in turns', () => {
    const root = TransactionScope.root();
    for (const [id, actor] of [
      ['1', 'anna'],
      ['2', 'boris'],
      ['3', null],
      ['4', 'anna'],
    ] as const) {
      root.add([record(id)], context(actor));
    }
    expect(root.drain().map((each) => [each.context.actor?.id, idsOf([each])])).toEqual([
      ['anna', ['1']],
      ['boris', ['2', '3']],
      ['anna', ['4']],
    ]);
  });

  interface Step {
    readonly kind: 'flush' | 'write' | 'open' | 'release' | 'roll back';
    /** Which of the open scopes flushes or writes, counted from the outermost; one too many is the innermost. */
    readonly scope: number;
    readonly context: CurrentContext;
  }
  interface Flushed {
    readonly id: string;
    readonly context: CurrentContext;
  }
  const steps = fc.array(
    fc.record<Step>({
      kind: fc.constantFrom('flush', 'flush', 'write', 'open', 'release', 'roll back'),
      scope: fc.nat(3),
      context: fc
        .tuple(fc.option(fc.constantFrom('anna', 'boris', 'cleo')), fc.option(fc.constantFrom('x', 'y')))
        .map(([actorId, reason]) => context(actorId, reason)),
    }),
    { maxLength: 30 },
  );
  /** The changes of each actor, in a row. */
  const turnsOf = (flushes: readonly Flushed[]) => {
    const turns: { ids: string[]; context: CurrentContext }[] = [];
    for (const flush of flushes) {
      const last = turns.at(-1);
      if (last && mayBeOfOneActor(last.context, flush.context)) {
        last.ids.push(flush.id);
        last.context = completeContext(last.context, flush.context);
      } else {
        turns.push({ ids: [flush.id], context: flush.context });
      }
    }
    return turns;
  };

  it('is that of the flushes that are not undone, in their order, as the database keeps their changes', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const open = [TransactionScope.root()];
        // The model is the connection: one list of what happened in it, and of what is in the table.
        const savepoints: { flushed: number; written: readonly string[] }[] = [];
        let flushed: readonly Flushed[] = [];
        let written: readonly string[] = [];
        const write = (scope: TransactionScope | undefined) => {
          const unwritten = scope?.drain() ?? [];
          const expected = turnsOf(flushed)
            .map(({ ids, context: of }) => ({ ids: ids.filter((id) => !written.includes(id)), context: of }))
            .filter(({ ids }) => ids.length > 0);
          expect(unwritten.map((each) => ({ ids: idsOf([each]), context: each.context }))).toEqual(expected);
          written = [...written, ...idsOf(unwritten)];
          expect(written).toEqual(flushed.map(({ id }) => id));
        };
        for (const [index, step] of script.entries()) {
          const innermost = open.at(-1);
          const scope = open[step.scope] ?? innermost;
          if (step.kind === 'flush') {
            scope?.add([record(`${index}`)], step.context);
            flushed = [...flushed, { id: `${index}`, context: step.context }];
          } else if (step.kind === 'write') {
            write(scope);
          } else if (step.kind === 'open' && innermost) {
            open.push(innermost.savepoint());
            savepoints.push({ flushed: flushed.length, written });
          } else if (open.length > 1) {
            open.pop();
            const before = savepoints.pop();
            if (step.kind === 'release') {
              innermost?.release();
            } else if (before) {
              innermost?.rollBack();
              flushed = flushed.slice(0, before.flushed);
              written = before.written;
            }
          }
        }
        write(open[0]);
      }),
    );
  });
});
