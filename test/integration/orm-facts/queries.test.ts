import { beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, type EntityMetadata, type EntityProperty, EventType, p } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { CompiledQuery } from 'kysely';
import { auditPolicy } from 'nestjs-mikro-audit';
import { Classes, mayBeAmended } from '../../../libs/audit/src/capture/orm/class-facts.js';
import { ForeignKeys } from '../../../libs/audit/src/capture/orm/foreign-keys.js';
import { compareTables, type RowLock, RowReader } from '../../../libs/audit/src/capture/orm/row-reader.js';
import { declaredPolicies } from '../../../libs/audit/src/policy/declared-policies.js';
import { propertiesOf } from '../../../libs/audit/src/policy/metadata-properties.js';
import { PolicyRegistry } from '../../../libs/audit/src/policy/policy-registry.js';
import { type EntityCodec, EntityCodecs } from '../../../libs/audit/src/serialize/entity/entity-codec.js';
import { SecretScan } from '../../../libs/audit/src/serialize/json/secret-scan.js';
import { DEFAULT_VALUE_LIMITS } from '../../../libs/audit/src/serialize/json/value-codec.js';
import { only, useFactsOrm } from './facts-orm.js';

const Zone = defineEntity({
  name: 'Zone',
  properties: {
    country: p.text().primary(),
    number: p.integer().primary(),
    title: p.text().fieldName('shown_as'),
    at: p.datetime().nullable(),
  },
});
const Stop = defineEntity({
  name: 'Stop',
  properties: {
    zone: () => p.manyToOne(Zone).primary().deleteRule('cascade'),
    name: p.text().primary(),
    next: () => p.manyToOne(Zone).nullable().deleteRule('set null'),
    free: () => p.manyToOne(Zone).nullable().deleteRule('cascade').createForeignKeyConstraint(false),
    changed: p
      .text()
      .nullable()
      .onUpdate(() => 'now'),
  },
});

@Entity({ inheritance: 'tpt' })
abstract class Vessel {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;
}

@Entity()
class Ferry extends Vessel {
  @Property({ type: 'integer' })
  seats!: number;
}

const facts = useFactsOrm([Zone, Stop, Vessel, Ferry]);

let codecs: EntityCodecs;
let foreignKeys: ForeignKeys;

beforeAll(async () => {
  const policies = [auditPolicy(Zone), auditPolicy(Stop), auditPolicy(Ferry)];
  const declared = declaredPolicies(facts.orm.getMetadata(), policies, { isSecret: () => false });
  codecs = EntityCodecs.of(new PolicyRegistry(facts.orm, declared).all(), {
    platform: facts.orm.em.getPlatform(),
    limits: DEFAULT_VALUE_LIMITS,
    hashKey: null,
    secrets: new SecretScan(),
  });
  foreignKeys = new ForeignKeys(facts.orm, codecs);
  const em = facts.orm.em.fork();
  const zone = em.create(Zone, { country: 'A', number: 1, title: 'old town', at: new Date(0) });
  em.create(Zone, { country: 'B', number: 1, title: 'harbor' });
  em.create(Stop, { zone, name: 'market', next: zone });
  em.create(Ferry, { id: 7, name: 'Star', seats: 90 });
  await em.flush();
});

const metaNamed = (name: string) => facts.orm.getMetadata().getByClassName(name) as EntityMetadata;

function codecOf(name: string): EntityCodec {
  const codec = codecs.find(metaNamed(name));
  if (!codec) {
    throw new Error(`${name} is not audited.`);
  }
  return codec;
}

describe('queries', () => {
  it('read rows by keys with composite parts, and the driver names their values by property', async () => {
    const reader = new RowReader(facts.em, undefined);
    const rows = await reader.rowsByKey(codecOf('Stop'), [{ zone: ['A', 1], name: 'market' }], 'none');
    expect([...rows]).toEqual([
      ['["A","1","market"]', expect.objectContaining({ zone: ['A', 1], name: 'market', next: ['A', 1] })],
    ]);
    const zones = await reader.rowsByKey(
      codecOf('Zone'),
      [
        { country: 'A', number: '1' },
        { country: 'B', number: 2 },
      ],
      'none',
    );
    expect([...zones.keys()]).toEqual(['["A","1"]']);
    expect(only(zones.values())).toMatchObject({ title: 'old town', at: new Date(0) });
  });

  it('read rows by a reference to a composite key', async () => {
    const codec = codecOf('Stop');
    const next = propertiesOf(codec.policy.meta).next as EntityProperty;
    const rows = await new RowReader(facts.em, undefined).rowsByReference(codec, next, [['A', 1]], 'none');
    expect([...rows.keys()]).toEqual(['["A","1","market"]']);
  });

  it('join the tables of a class, and their lock clause locks the rows of all', async () => {
    const row = await facts.em.transactional(async (em) => {
      const reader = new RowReader(em, em.getTransactionContext());
      return reader.rowsByKey(codecOf('Ferry'), [{ id: 7 }], 'update');
    });
    expect([...row.values()]).toEqual([expect.objectContaining({ id: 7, name: 'Star', seats: 90 })]);
  });

  it.each<[RowLock, RegExp]>([
    ['none', /order by .*$/],
    ['update', / for no key update$/],
    ['delete', / for update$/],
  ])('send one statement, ordered by the key, with the lock "%s"', async (lock, end) => {
    facts.statements.take();
    await facts.em.transactional((em) =>
      new RowReader(em, em.getTransactionContext()).rowsByKey(
        codecOf('Zone'),
        [{ country: 'A', number: 1 }],
        lock,
      ),
    );
    const [, sent, ...others] = facts.statements.take();
    expect(others).toEqual(['commit']);
    expect(sent).toMatch(end);
    expect(sent).toMatch(/order by "z0"."country" asc, "z0"."number" asc/);
  });

  it('run in the transaction that MikroORM tells of, which takes compiled statements of Kysely', async () => {
    const seen = await facts.seen(
      'afterTransactionStart',
      ({ transaction }) => transaction,
      () =>
        facts.em
          .transactional(async (em) => {
            const transaction = only([
              em.getTransactionContext<{ executeQuery(query: object): Promise<unknown> }>(),
            ]);
            await em.insert(Zone, { country: 'C', number: 1, title: 'new' });
            const inside = await transaction?.executeQuery(
              CompiledQuery.raw('select shown_as as title from zone where country = $1', ['C']),
            );
            expect(inside).toMatchObject({ rows: [{ title: 'new' }] });
            const own = await new RowReader(em, transaction).rowsByKey(
              codecOf('Zone'),
              [{ country: 'C', number: 1 }],
              'none',
            );
            expect(own.size).toBe(1);
            await em.rollback();
          })
          .catch(() => undefined),
    );
    expect(only(seen)).toHaveProperty('executeQuery');
  });

  it('lock tables in the order of their names', () => {
    const metas = ['Zone', 'Ferry', 'Stop'].map(metaNamed).sort(compareTables);
    expect(metas.map(({ tableName }) => tableName)).toEqual(['ferry', 'stop', 'zone']);
  });
});

describe('rules of foreign keys', () => {
  it('are those that the database has', async () => {
    const stored = await facts.em.execute<{ rule: string }[]>(
      `select case confdeltype when 'c' then 'delete' when 'n' then 'set null' end as rule
       from pg_constraint where contype = 'f' and conrelid = 'stop'::regclass order by 1`,
    );
    const known = foreignKeys.onDelete(metaNamed('Zone')).map(({ effect }) => effect);
    expect([...known].sort()).toEqual(stored.map(({ rule }) => rule));
  });

  it('change keys along by the default of MikroORM, where they are part of one', async () => {
    const stored = await facts.em.execute<{ count: number }[]>(
      `select count(*)::int as count from pg_constraint where conrelid = 'stop'::regclass and confupdtype = 'c'`,
    );
    const known = foreignKeys.onKeyChange(metaNamed('Zone'));
    expect(known).toHaveLength(stored[0]?.count ?? -1);
    expect(new Set(known.map(({ reference }) => reference.name))).toEqual(new Set(['zone', 'next']));
  });
});

describe('classes', () => {
  it('have hooks that may amend an update when a listener or `onUpdate` says so', () => {
    const classes = new Classes('public', codecs, foreignKeys, (meta) => codecs.find(meta)?.policy);
    const of = (name: string) => classes.of(metaNamed(name), facts.em);
    expect(mayBeAmended(of('Stop'), facts.em)).toBe(true);
    expect(facts.em.getEventManager().hasListeners(EventType.beforeUpdate, metaNamed('Zone'))).toBe(true);
    const quiet = facts.orm.em.fork({ freshEventManager: true });
    expect(quiet.getEventManager().hasListeners(EventType.beforeUpdate, metaNamed('Zone'))).toBe(false);
    expect(mayBeAmended(of('Zone'), quiet)).toBe(false);
    expect(of('Ferry').meta).toBe(metaNamed('Ferry'));
    expect(of('Vessel').subclasses.map(({ policy }) => policy.meta.className)).toEqual(['Ferry']);
  });
});
