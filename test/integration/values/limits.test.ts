import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { EntitySchema, Type } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { auditPolicy, UndecodableValue } from 'nestjs-mikro-audit';
import { isSoak } from '../../support/soak.js';
import type { TestEntity } from '../../support/test-entity.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { changesOf } from './trail-values.js';

interface Large {
  id: number;
  text?: string | null;
  data?: unknown;
  bytes?: Buffer | null;
  list?: string[] | null;
  map?: ReadonlyMap<string, string> | null;
}

/** Keeps a `Map` as JSON in a text column, where PostgreSQL does not look at what is escaped. */
class MapType extends Type<ReadonlyMap<string, string>, string> {
  override convertToDatabaseValue(value: ReadonlyMap<string, string> | null): string {
    return value === null ? (null as never) : JSON.stringify([...value]);
  }
  override convertToJSValue(value: string | null): ReadonlyMap<string, string> {
    return value === null ? (null as never) : new Map(JSON.parse(value) as [string, string][]);
  }
  override getColumnType(): string {
    return 'text';
  }
}

const make = (name: string): EntitySchema<Large> =>
  new EntitySchema<Large>({
    name,
    properties: {
      id: { type: 'integer', primary: true },
      text: { type: 'text', nullable: true },
      data: { type: 'json', columnType: 'json', nullable: true },
      bytes: { type: 'blob', nullable: true },
      list: { type: 'array', nullable: true },
      map: { type: MapType, nullable: true },
    },
  });
const LargeRow = make('LargeRow');
const ExactLargeRow = make('ExactLargeRow');
/** Not known to the oracle, whose own trigger fails on them. */
const hostile = (name: string, columnType: string): EntitySchema<Pick<Large, 'id' | 'data'>> =>
  new EntitySchema<Pick<Large, 'id' | 'data'>>({
    name,
    properties: {
      id: { type: 'integer', primary: true },
      data: { type: 'json', columnType, nullable: true },
    },
  });
const HostileJson = hostile('HostileJson', 'json');
const HostileText = hostile('HostileText', 'text');
const SIZE = isSoak ? 10_000_000 : 1_000_000;

const audited = useAuditedApp({
  entities: [LargeRow, ExactLargeRow, HostileJson, HostileText] as unknown as TestEntity[],
  options: {
    policies: [
      auditPolicy(LargeRow as never),
      auditPolicy(ExactLargeRow as never, { exact: true }),
      auditPolicy(HostileJson as never),
      auditPolicy(HostileText as never),
    ],
  },
  oracle: { except: [HostileJson, HostileText] as unknown as TestEntity[] },
  verify: { otherTypes: ['HostileJson', 'HostileText'] },
});

function fork(): EntityManager {
  return audited.orm.em.fork();
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe.each([
  ['of the unit of work', LargeRow],
  ['of rows that are read', ExactLargeRow],
] as const)('a value %s', (_source, entity) => {
  it('of some megabytes is cut and marked as such, and its change is noticed', async () => {
    const [text, other] = ['ä'.repeat(SIZE / 2), `${'ä'.repeat(SIZE / 2 - 1)}b!`];
    const em = fork();
    const row = em.create(entity, { text });
    await em.flush();
    row.text = other;
    await em.flush();
    em.remove(row);
    await em.flush();
    const cut = (value: string) => ({
      $cut: {
        reason: 'size',
        of: 'string',
        bytes: Buffer.byteLength(value),
        sha256: value.length === 0 ? null : expect.anything(),
        prefix: expect.stringMatching(/^ä+$/),
      },
    });
    const changes = await changesOf(audited);
    expect(changes).toMatchObject([
      ['create', null, { text: { $cut: { reason: 'size', of: 'string' } } }],
      ['update', { text: { $cut: { reason: 'size' } } }, { text: { $cut: { reason: 'size' } } }],
      ['delete', { text: { $cut: { reason: 'size' } } }, null],
    ]);
    expect(Buffer.byteLength(JSON.stringify(changes[0]?.[2]?.text))).toBeLessThanOrEqual(65_536);
    expect(cut(text).$cut.bytes).toBe(SIZE);
    const { items } = await audited.reader.history(entity.meta.class, 1);
    expect(items.at(-1)?.after?.text).toBeInstanceOf(UndecodableValue);
  });

  it('a little too large has its digest', async () => {
    const text = 'x'.repeat(70_000);
    const em = fork();
    em.create(entity, { text });
    await em.flush();
    expect((await changesOf(audited))[0]?.[2]?.text).toMatchObject({
      $cut: { of: 'string', bytes: 70_000, sha256: sha256(text), prefix: expect.stringMatching(/^x+$/) },
    });
  });

  it('that is cut is no change when it is the same, and one when its end differs', async () => {
    const em = fork();
    const values = () => ({ text: 'x'.repeat(70_000), list: Array.from({ length: 20_000 }, () => 'item') });
    em.create(entity, values());
    await em.flush();
    const same = fork();
    const loaded = await same.findOneOrFail(entity, 1);
    Object.assign(loaded, values());
    loaded.data = 1;
    await same.flush();
    loaded.text = `${'x'.repeat(69_999)}y`;
    await same.flush();
    expect((await changesOf(audited)).slice(1)).toEqual([
      ['update', { data: null }, { data: 1 }],
      ['update', { text: expect.anything() }, { text: expect.anything() }],
    ]);
  });

  it('of JSON, bytes or an array is cut too', async () => {
    const em = fork();
    em.create(entity, {
      data: { rows: Array.from({ length: 50_000 }, (_, index) => ({ index })) },
      bytes: Buffer.alloc(1_000_000, 1),
      list: Array.from({ length: 100_000 }, String),
    });
    await em.flush();
    expect((await changesOf(audited))[0]?.[2]).toMatchObject({
      data: { $cut: { reason: 'size' } },
      bytes: { $cut: { reason: 'size' } },
      list: { $cut: { reason: 'size' } },
    });
  });
});

describe('a value that jsonb cannot hold', () => {
  it.each([
    ['in a json column', HostileJson],
    ['in a text column', HostileText],
  ])('%s never fails', async (_where, entity) => {
    const em = fork();
    const data = { 'k\u0000': ['v\u0000', '\ud800'], $date: 'no tag', plain: 1 };
    const row = em.create(entity, { data });
    await em.flush();
    row.data = { ...data, plain: 2 };
    await em.flush();
    const { items } = await audited.reader.history(entity.meta.class, 1);
    expect(items.map(({ before, after }) => [before?.data, after?.data])).toEqual([
      [data, { ...data, plain: 2 }],
      [undefined, data],
    ]);
    const em2 = fork();
    (await em2.findOneOrFail(entity, 1)).data = data;
    await em2.flush();
    const { items: later } = await audited.reader.history(entity.meta.class, 1);
    expect(later[0]?.before?.data).toEqual({ ...data, plain: 2 });
  });

  it('of a custom type never fails', async () => {
    const em = fork();
    const map = new Map([['a\u0000b', 'c\u0000']]);
    const row = em.create(LargeRow, { map });
    await em.flush();
    row.map = new Map();
    await em.flush();
    const { items } = await audited.reader.history(LargeRow.meta.class, 1);
    expect(items.at(-1)?.after?.map).toEqual(map);
    expect(items[0]?.before?.map).toEqual(map);
  });
});

it('a NUL in a text is refused by PostgreSQL, and nothing is recorded', async () => {
  const em = fork();
  em.create(LargeRow, { text: 'a\u0000b' });
  await expect(em.flush()).rejects.toThrow();
  expect(await changesOf(audited)).toEqual([]);
});
