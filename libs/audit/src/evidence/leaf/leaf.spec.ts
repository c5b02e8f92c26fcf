import { createHash, hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leafHashOf } from '../merkle/hashes.js';
import { type Leaf, leafOf, saltsWithout, sealRow } from './leaf.js';
import { newSeed, type RowSalts } from './row-salts.js';
import { SEALED_COLUMNS, type SealedRow } from './sealed-columns.js';

const EMPTY = Object.fromEntries(SEALED_COLUMNS.map((column) => [column, null])) as SealedRow;

const ROW: SealedRow = {
  ...EMPTY,
  id: '42',
  recordedAt: '2026-11-30T06:46:30.123456Z',
  actorType: 'user',
  actorId: 'u-7',
  actorLabel: 'Ada',
  reason: 'she asked for it',
  entityType: 'Customer',
  entityId: '9',
  operation: 'update',
  before: '{"name": "Ada", "age": 36}',
  after: '{"age": 37, "name": "Countess"}',
  labels: '{"own": "Ada", "targets": {}}',
  targets: '["Order 1"]',
  transactionId: '777',
  outcome: 'success',
  origin: '{"ip": "10.0.0.1", "route": "/customers/:id", "userAgent": null}',
  metadata: '{"ticket": 9007199254740993}',
  reads: '[["Order", "1"]]',
};

const SEED = Buffer.alloc(32, 7);
const hashOf = (leaf: Leaf): string => leafHashOf(leaf.data).toString('hex');

describe('leaf', () => {
  it('shows what cannot be erased, and commits to the rest', () => {
    const leaf = JSON.parse(leafOf(ROW, SEED).data);
    expect(leaf.v).toBe(1);
    expect(leaf.row).toEqual({
      id: '42',
      recordedAt: '2026-11-30T06:46:30.123456Z',
      actorType: 'user',
      entityType: 'Customer',
      operation: 'update',
      transactionId: '777',
      outcome: 'success',
    });
    expect(leaf.objects).toEqual(['after', 'before', 'labels', 'metadata', 'origin']);
    expect(Object.keys(leaf.commitments)).toEqual([
      'actorId',
      'actorLabel',
      'entityId',
      'labels.own',
      'labels.targets',
      'metadata.ticket',
      'origin.ip',
      'origin.route',
      'origin.userAgent',
      'reads',
      'reason',
      'targets',
      'values.age',
      'values.name',
    ]);
    const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64');
    const salt = sha256(`${SEED.toString('base64')}:values.age`);
    const commitment = sha256(`${salt}:{"after":37,"before":36}`);
    expect(leaf.commitments['values.age']).toBe(commitment);
  });

  it('is pinned: a change of its form would make every sealed row look edited', () => {
    expect(hash('sha256', leafOf(ROW, SEED).data, 'hex')).toBe(
      '0b73fbc3870854f0a703d97c862d407983a8602b62701d3cbd4ca17fc039a4a1',
    );
    expect(leafOf({ ...EMPTY, id: '1' }, SEED).data).toBe(
      '{"commitments":{},"objects":[],"row":{"id":"1"},"v":1}',
    );
  });

  it('is the same however PostgreSQL orders JSON, and another one for every other row', () => {
    const same = { ...ROW, before: '{"age":36,"name":"Ada"}', metadata: '{"ticket":9007199254740993.0}' };
    expect(leafOf(same, SEED)).toEqual(leafOf(ROW, SEED));
    const hashes = new Set([hashOf(leafOf(ROW, SEED))]);
    const others: SealedRow[] = [
      ...SEALED_COLUMNS.filter((column) => ROW[column] !== null).map((column) => ({
        ...ROW,
        [column]: null,
      })),
      ...SEALED_COLUMNS.map((column) => ({ ...ROW, [column]: '"another"' })),
      ...(['before', 'after', 'labels', 'origin', 'metadata', 'onBehalfOf'] as const).flatMap((column) =>
        ['{}', '[]', 'null', '"{}"', '{"x": null}'].map((json) => ({ ...ROW, [column]: json })),
      ),
      { ...ROW, metadata: '{"ticket": 9007199254740992}' },
      { ...ROW, before: ROW.after, after: ROW.before },
      { ...ROW, before: '{"name": "Ada", "age": null}' },
      { ...ROW, before: '{"name": "Ada"}' },
    ];
    for (const other of others) {
      const hashed = hashOf(leafOf(other, SEED));
      expect({ other, isNew: hashes.has(hashed) }).toEqual({ other, isNew: false });
      hashes.add(hashed);
    }
  });

  it('any edit of any column gives another leaf', () => {
    const json = fc.jsonValue().map((value) => JSON.stringify(value));
    const edit = fc
      .constantFrom(...SEALED_COLUMNS)
      .chain((column) =>
        fc.tuple(
          fc.constant(column),
          typeof ROW[column] === 'string' && /^[[{]/.test(ROW[column]) ? json : fc.string(),
        ),
      );
    fc.assert(
      fc.property(edit, ([column, value]) => {
        fc.pre(value.isWellFormed() && value !== ROW[column]);
        const edited = { ...ROW, [column]: value };
        let hashed: string;
        try {
          hashed = hashOf(leafOf(edited, SEED));
        } catch {
          // JSON columns that hold no JSON cannot be in a database.
          return;
        }
        expect(hashed).not.toBe(hashOf(leafOf(ROW, SEED)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('no two rows have the same seed, so equal values do not look equal', () => {
    const [one, two] = [sealRow(ROW), sealRow(ROW)];
    expect(one.seed).toHaveLength(32);
    expect(one.leafHash).toEqual(leafHashOf(leafOf(ROW, one.seed).data));
    expect(two.leafHash).not.toEqual(one.leafHash);
    expect(new Set(Array.from({ length: 1_000 }, () => newSeed().toString('hex'))).size).toBe(1_000);
  });
});

describe('erasure', () => {
  const erased: SealedRow = {
    ...ROW,
    reason: null,
    before: '{"name": null, "age": 36}',
    after: '{"name": null, "age": 37}',
    origin: '{"ip": null, "route": "/customers/:id", "userAgent": null}',
  };
  const names = ['reason', 'values.name', 'origin.ip'];
  const salts = saltsWithout(ROW, SEED, names);

  it('leaves the leaf as it is, and keeps no salt of what was erased', () => {
    const leaf = leafOf(erased, salts);
    expect(leaf.data).toBe(leafOf(ROW, SEED).data);
    expect([...leaf.erased].sort()).toEqual([...names].sort());
    for (const name of names) {
      expect(salts.salts).not.toHaveProperty([name]);
    }
    const withoutMembers = { ...erased, before: '{"age": 36}', after: '{"age": 37}' };
    expect(leafOf(withoutMembers, salts).data).toBe(leaf.data);
  });

  it('goes on from an earlier one', () => {
    const again = saltsWithout(erased, salts, ['actorLabel']);
    expect(leafOf({ ...erased, actorLabel: null }, again).data).toBe(leafOf(ROW, SEED).data);
  });

  it('hides no edit: what was erased has no value, and the rest is committed to', () => {
    expect(() => leafOf({ ...erased, reason: 'another' }, salts)).toThrow(/reason was erased/);
    expect(() => leafOf({ ...erased, after: '{"name": "Eve", "age": 37}' }, salts)).toThrow(/values.name/);
    expect(() => leafOf({ ...erased, metadata: '{"ticket": 9007199254740993, "new": 1}' }, salts)).toThrow(
      /metadata.new has no salt/,
    );
    expect(leafOf({ ...erased, entityId: '10' }, salts).data).not.toBe(leafOf(ROW, SEED).data);
    expect(() => saltsWithout(ROW, SEED, ['values.other'])).toThrow(/values.other/);
    const short: RowSalts = { salts: { reason: 'AAAA' }, erased: {} };
    expect(() => leafOf(ROW, short)).toThrow(/32 bytes/);
    const split: RowSalts = { salts: { reason: `${SEED.toString('base64')}:"she` }, erased: {} };
    expect(() => leafOf(ROW, split)).toThrow(/32 bytes/);
    expect(() => leafOf(ROW, Buffer.alloc(31))).toThrow(/32 bytes/);
  });
});
