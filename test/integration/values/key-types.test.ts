import { describe, expect, it } from '@jest/globals';
import { BigIntType, DecimalType, EntitySchema } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { auditPolicy, type EntityKey } from 'nestjs-mikro-audit';
import type { TestEntity } from '../../support/test-entity.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { EncryptedType, encrypt } from './custom-cases.js';
import { changesOf } from './trail-values.js';

interface Keyed {
  id: unknown;
  name: string;
  parent?: Keyed | null;
}

interface KeyCase {
  readonly name: string;
  readonly property: Readonly<Record<string, unknown>>;
  /** The key as the application gives it, and as it is in the trail. */
  readonly key: unknown;
  readonly entityId: string;
  /** The key that a reader of the history has, when it is not the key itself. */
  readonly atHand?: unknown;
  /** A foreign key to it, in the trail. @default the entity id */
  readonly reference?: unknown;
  readonly tableName?: string;
  readonly schema?: string;
}

const cases: readonly KeyCase[] = [
  {
    name: 'BigintKey',
    property: { type: new BigIntType('bigint') },
    key: 9_007_199_254_740_993n,
    entityId: '9007199254740993',
  },
  { name: 'BigintNumberKey', property: { type: new BigIntType('number') }, key: 5, entityId: '5' },
  {
    name: 'BigintTextKey',
    property: { type: new BigIntType('string') },
    key: '9007199254740993',
    entityId: '9007199254740993',
  },
  {
    name: 'IntegerKey',
    property: { type: 'integer' },
    key: 7,
    entityId: '7',
    reference: 7,
    tableName: 'group',
    schema: 'user',
  },
  {
    name: 'TextKey',
    property: { type: 'string' },
    key: `it's "x" ü/%`,
    entityId: `it's "x" ü/%`,
    tableName: 'Order "by"',
  },
  {
    name: 'UuidKey',
    property: { type: 'uuid' },
    key: '0B5E7E7A-4C5D-4F61-8D3D-0123456789AB',
    entityId: '0b5e7e7a-4c5d-4f61-8d3d-0123456789ab',
  },
  { name: 'BrokenTextKey', property: { type: 'string' }, key: 'a\nb', entityId: 'a\nb' },
  { name: 'EmptyTextKey', property: { type: 'string' }, key: '', entityId: '' },
  { name: 'CharKey', property: { type: 'character', length: 4 }, key: 'ab', entityId: 'ab  ' },
  {
    name: 'DecimalKey',
    property: { type: new DecimalType('string'), precision: 8, scale: 2 },
    key: '1.5',
    entityId: '1.50',
  },
  { name: 'DateKey', property: { type: 'date' }, key: '2024-02-29', entityId: '2024-02-29' },
  {
    name: 'InstantKey',
    property: { type: 'datetime', length: 3 },
    key: new Date('2024-02-29T10:00:00.123Z'),
    entityId: '2024-02-29T10:00:00.123Z',
  },
  {
    name: 'EnumKey',
    property: { enum: true, items: () => ['a', 'b'], nativeEnumName: 'letter' },
    key: 'b',
    entityId: 'b',
  },
  {
    name: 'EncryptedKey',
    property: { type: EncryptedType },
    key: 'clear',
    entityId: encrypt('clear'),
    atHand: encrypt('clear'),
  },
];

const tables = cases.map((keyCase) => {
  const { name, property, tableName, schema } = keyCase;
  const make = (suffix: string): EntitySchema<Keyed> =>
    new EntitySchema<Keyed>({
      name: `${name}Row${suffix}`,
      ...(tableName === undefined ? {} : { tableName: `${tableName}${suffix}` }),
      ...(schema === undefined ? {} : { schema }),
      properties: {
        id: { primary: true, autoincrement: false, fieldName: 'the key', ...property } as never,
        name: { type: 'string' },
        parent: { kind: 'm:1', entity: () => `${name}Row${suffix}`, nullable: true } as never,
      },
    });
  return { keyCase, plain: make(''), exact: make('Exact') };
});

const audited = useAuditedApp({
  entities: tables.flatMap(({ plain, exact }) => [plain, exact]) as unknown as TestEntity[],
  options: {
    policies: tables.flatMap(({ plain, exact }) => [
      auditPolicy(plain as never),
      auditPolicy(exact as never, { exact: true }),
    ]),
  },
  clear: false,
});

function fork(): EntityManager {
  return audited.orm.em.fork();
}

async function idsOf(entityType: string): Promise<[string, string][]> {
  const rows: { operation: string; entity_id: string }[] = await audited.orm.em
    .getConnection()
    .execute('select operation, entity_id from audit_change where entity_type = ? order by id', [entityType]);
  return rows.map((row) => [row.operation, row.entity_id]);
}

describe.each(tables)('a key: $keyCase.name', ({ keyCase, plain, exact }) => {
  it.each([
    ['of the unit of work', plain],
    ['of rows that are read', exact],
  ])('%s is in the trail as it is stored', async (_source, entity) => {
    const { key, entityId, reference = entityId } = keyCase;
    const em = fork();
    const row = em.create(entity, { id: key, name: 'a' });
    await em.flush();
    row.name = 'b';
    await em.flush();
    const other = fork();
    const loaded = await other.findOneOrFail(entity, key as never);
    loaded.parent = loaded;
    await other.flush();
    const third = fork();
    third.remove(third.getReference(entity, key as never));
    await third.flush();
    expect(await idsOf(entity.meta.className)).toEqual(
      ['create', 'update', 'update', 'delete'].map((operation) => [operation, entityId]),
    );
    const idInRow = reference;
    expect(await changesOf(audited, entity.meta.className)).toEqual([
      ['create', null, { id: idInRow, name: 'a', parent: null }],
      ['update', { name: 'a' }, { name: 'b' }],
      ['update', { parent: null }, { parent: reference }],
      ['delete', { id: idInRow, name: 'b', parent: reference }, null],
    ]);
    const { items } = await audited.reader.history(entity.meta.class, entityId);
    expect(items).toHaveLength(4);
    expect(items[0]?.before?.id).toEqual(loaded.id);
    expect(items[0]?.before?.parent).toEqual(loaded.id);
  });

  it('finds the history by the key as the application has it', async () => {
    const em = fork();
    const row = em.create(plain, { id: keyCase.key, name: 'again' });
    await em.flush();
    em.remove(row);
    await em.flush();
    const { items } = await audited.reader.history(
      plain.meta.class,
      (keyCase.atHand ?? keyCase.key) as EntityKey,
    );
    expect(items.length).toBeGreaterThan(0);
  });
});
