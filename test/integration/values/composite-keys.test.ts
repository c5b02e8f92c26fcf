import { expect, it } from '@jest/globals';
import { PrimaryKeyProp } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Audited } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { changesOf } from './trail-values.js';

@Audited()
@Entity()
class Tenant {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'string' })
  name!: string;
}

@Audited()
@Entity()
class Account {
  [PrimaryKeyProp]?: ['tenant', 'number'];

  @ManyToOne({ entity: () => Tenant, primary: true })
  tenant!: Tenant;

  @PrimaryKey({ type: 'bigint' })
  number!: bigint;

  @Property({ type: 'string' })
  name!: string;
}

@Audited()
@Entity()
class Booking {
  [PrimaryKeyProp]?: ['account', 'day'];

  @ManyToOne({ entity: () => Account, primary: true })
  account!: Account;

  @PrimaryKey({ type: 'datetime', length: 0 })
  day!: Date;

  @ManyToOne({ entity: () => Account, nullable: true })
  contra?: Account | null;

  @Property({ type: 'string' })
  text!: string;
}

@Audited({ exact: true })
@Entity()
class ExactBooking {
  [PrimaryKeyProp]?: ['account', 'day'];

  @ManyToOne({ entity: () => Account, primary: true })
  account!: Account;

  @PrimaryKey({ type: 'datetime', length: 0 })
  day!: Date;

  @ManyToOne({ entity: () => Account, nullable: true })
  contra?: Account | null;

  @Property({ type: 'string' })
  text!: string;
}

const UPPER = 'AAAAAAAA-0000-4000-8000-00000000000B';
const LOWER = UPPER.toLowerCase();
const DAY = '2024-05-01T00:00:00.000Z';

const audited = useAuditedApp({ entities: [Tenant, Account, Booking, ExactBooking] });

function fork(): EntityManager {
  return audited.orm.em.fork();
}

it.each([
  ['the unit of work', Booking],
  ['rows that are read', ExactBooking],
] as const)('a key of keys, from %s, is in the trail as it is stored', async (_source, type) => {
  const em = fork();
  const tenant = em.create(Tenant, { id: UPPER, name: 't' });
  const [one, two] = [1n, 9_007_199_254_740_993n].map((number) =>
    em.create(Account, { tenant, number, name: 'a' }),
  );
  const booking = em.create(type, { account: one, day: new Date(DAY), text: 'x' } as never) as Booking;
  await em.flush();
  booking.text = 'y';
  booking.contra = two as Account;
  await em.flush();
  const other = fork();
  const loaded = (await other.findOneOrFail(type as typeof Booking, { text: 'y' })) as Booking;
  loaded.contra = null;
  await other.flush();
  other.remove(loaded);
  await other.flush();
  const key = { account: [LOWER, '1'], day: DAY };
  expect(await changesOf(audited, type.name)).toEqual([
    ['create', null, { ...key, text: 'x', contra: null }],
    ['update', { text: 'x', contra: null }, { text: 'y', contra: [LOWER, '9007199254740993'] }],
    ['update', { contra: [LOWER, '9007199254740993'] }, { contra: null }],
    ['delete', { ...key, text: 'y', contra: null }, null],
  ]);
  const { items } = await audited.reader.history(type, JSON.stringify([LOWER, '1', DAY]));
  expect(items).toHaveLength(4);
  expect(items[2]?.after?.contra).toEqual([LOWER, 9_007_199_254_740_993n]);
});
