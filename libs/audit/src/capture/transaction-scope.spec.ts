import { describe, expect, it } from '@jest/globals';
import type { ChangeRecord } from '../model/change-record.js';
import { TransactionScope } from './transaction-scope.js';

const record = (entityId: string): ChangeRecord => ({
  entityType: 'order',
  entityId,
  rootType: null,
  rootId: null,
  operation: 'create',
  before: null,
  after: {},
});
const idsOf = (records: readonly ChangeRecord[]) => records.map(({ entityId }) => entityId);

describe('TransactionScope', () => {
  it('gives its records once, in order', () => {
    const root = TransactionScope.root();
    root.add([record('1'), record('2')]);
    root.add([record('3')]);
    expect(root.size).toBe(3);
    expect(idsOf(root.drain())).toEqual(['1', '2', '3']);
    expect([root.size, root.drain()]).toEqual([0, []]);
  });

  it('has one revision for the transaction and its savepoints', () => {
    const root = TransactionScope.root();
    const savepoint = root.savepoint().savepoint();
    expect(savepoint.revision).toBe(root.revision);
    expect([root.isOutermost, savepoint.isOutermost]).toEqual([true, false]);
  });

  it('takes over what a released savepoint has', () => {
    const root = TransactionScope.root();
    root.add([record('1')]);
    const savepoint = root.savepoint();
    savepoint.add([record('2')]);
    expect([savepoint.size, root.size]).toEqual([2, 2]);
    savepoint.release();
    root.add([record('3')]);
    expect(idsOf(root.drain())).toEqual(['1', '2', '3']);
  });

  it('drops what a rolled back savepoint has, at any depth', () => {
    const root = TransactionScope.root();
    root.add([record('1')]);
    const outer = root.savepoint();
    outer.add([record('2')]);
    const inner = outer.savepoint();
    inner.add([record('3')]);
    inner.release();
    outer.rollBack();
    expect(idsOf(root.drain())).toEqual(['1']);
  });

  it('drops what an outer scope adds while a savepoint is open, because the connection is inside that', () => {
    const root = TransactionScope.root();
    const savepoint = root.savepoint();
    root.add([record('1')]);
    savepoint.rollBack();
    root.add([record('2')]);
    expect(idsOf(root.drain())).toEqual(['2']);
  });

  it('takes back what was written inside a savepoint that is rolled back, before what came later', () => {
    const root = TransactionScope.root();
    root.add([record('1')]);
    const savepoint = root.savepoint();
    savepoint.add([record('2')]);
    expect(idsOf(savepoint.drain())).toEqual(['1', '2']);
    expect(root.size).toBe(0);
    savepoint.rollBack();
    root.add([record('3')]);
    expect(idsOf(root.drain())).toEqual(['1', '3']);
  });

  it('does not take back what was written inside a savepoint that is released', () => {
    const root = TransactionScope.root();
    root.add([record('1')]);
    const savepoint = root.savepoint();
    savepoint.drain();
    savepoint.release();
    root.rollBack();
    expect(root.drain()).toEqual([]);
  });

  it('takes back what a released inner savepoint had written, when the outer one is rolled back', () => {
    const root = TransactionScope.root();
    root.add([record('1')]);
    const outer = root.savepoint();
    outer.add([record('2')]);
    const inner = outer.savepoint();
    inner.add([record('3')]);
    expect(idsOf(inner.drain())).toEqual(['1', '2', '3']);
    inner.release();
    outer.rollBack();
    expect(idsOf(root.drain())).toEqual(['1']);
  });

  it('takes back in order what two savepoints in turn had written', () => {
    const root = TransactionScope.root();
    root.add([record('1')]);
    const outer = root.savepoint();
    outer.add([record('2')]);
    const first = outer.savepoint();
    first.drain();
    first.release();
    outer.add([record('3')]);
    const second = outer.savepoint();
    second.drain();
    second.rollBack();
    expect(idsOf(outer.drain())).toEqual(['3']);
    outer.rollBack();
    expect(idsOf(root.drain())).toEqual(['1']);
  });
});
