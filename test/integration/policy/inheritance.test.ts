import { describe, expect, it } from '@jest/globals';
import { type Constructor, defineEntity, EntitySchema, p } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import {
  Audited,
  AuditIgnore,
  AuditMask,
  auditPolicy,
  MaskedValue,
  NotAuditedError,
} from 'nestjs-mikro-audit';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

@Audited()
abstract class Recorded {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  title!: string;

  @AuditMask()
  @Property({ type: 'string', nullable: true })
  note?: string | null;

  @AuditIgnore()
  @Property({ type: 'string', nullable: true })
  cache?: string | null;
}

@Entity()
class Report extends Recorded {}

@Audited({ name: 'letter' })
@Entity()
class Letter extends Recorded {
  @AuditMask(false)
  declare note?: string | null;
}

/** Taken out again. */
@AuditIgnore()
@Entity()
class Draft extends Recorded {}

abstract class Unrecorded {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @AuditMask()
  @Property({ type: 'string' })
  title!: string;
}

@Audited()
@Entity()
class Invoice extends Unrecorded {}

@Entity()
class Scratch extends Unrecorded {}

@Audited({ name: 'vehicle' })
@Entity({ discriminatorColumn: 'kind', discriminatorValue: 'vehicle' })
class Vehicle {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string', nullable: true })
  kind?: string;

  @Property({ type: 'string' })
  title!: string;
}

@Entity({ discriminatorValue: 'truck' })
class Truck extends Vehicle {
  @AuditMask()
  @Property({ type: 'string', nullable: true })
  plate?: string | null;
}

@AuditIgnore()
@Entity({ discriminatorValue: 'toy' })
class Toy extends Vehicle {}

const Defined = defineEntity({
  name: 'Defined',
  properties: { id: p.integer().primary(), title: p.string(), cache: p.string().nullable() },
});

class Mapped {
  id!: number;
  title!: string;
  cache?: string | null;
}
const MappedSchema = new EntitySchema<Mapped>({
  class: Mapped,
  properties: {
    id: { type: 'integer', primary: true },
    title: { type: 'string' },
    cache: { type: 'string', nullable: true },
  },
});

const audited = useAuditedApp({
  entities: [Report, Letter, Draft, Invoice, Scratch, Vehicle, Truck, Toy, Defined, MappedSchema],
  options: {
    policies: [
      auditPolicy(Defined, { name: 'defined', ignore: ['cache'] }),
      auditPolicy(MappedSchema, { ignore: ['cache'], mask: { title: 'redact' } }),
    ],
  },
  // The oracle does not know which properties the decorators ignore.
  verify: false,
});

async function create<E extends object>(entity: Constructor<E>, values: Partial<E>): Promise<void> {
  const em = audited.orm.em.fork();
  em.create(entity, values as never);
  await em.flush();
}

async function afterOf<E extends object>(entity: Constructor<E>) {
  const { items } = await audited.reader.history(entity, 1);
  return items[0]?.after;
}

const values = { title: 'x', note: 'n', cache: 'c' };
const redacted = new MaskedValue('redact', null);

describe('a class that inherits from an audited one', () => {
  it('is audited under its own name, with the masks and ignores of the base', async () => {
    await create(Report, values);
    expect(await trailOf(audited)).toEqual([['Report', '1', 'create']]);
    expect(await afterOf(Report)).toEqual({ id: 1, title: 'x', note: redacted });
  });

  it('may override the policy of a property', async () => {
    await create(Letter, values);
    expect(await trailOf(audited)).toEqual([['letter', '1', 'create']]);
    expect(await afterOf(Letter)).toEqual({ id: 1, title: 'x', note: 'n' });
  });

  it('is not audited when it opts out', async () => {
    await create(Draft, values);
    expect(await trailOf(audited)).toEqual([]);
    await expect(audited.reader.history(Draft, 1)).rejects.toThrow(NotAuditedError);
  });
});

describe('an audited class that inherits from one that is not', () => {
  it('is audited with the property policies of its base, and a sibling is not audited', async () => {
    await create(Invoice, { title: 'x' });
    await create(Scratch, { title: 'x' });
    expect(await trailOf(audited)).toEqual([['Invoice', '1', 'create']]);
    expect(await afterOf(Invoice)).toEqual({ id: 1, title: redacted });
  });
});

describe('classes of one table', () => {
  it('are each audited under their own name, and not when ignored', async () => {
    await create(Vehicle, { title: 'v' });
    await create(Truck, { title: 't', plate: 'BN-1' });
    await create(Toy, { title: 'toy' });
    expect(await trailOf(audited)).toEqual([
      ['vehicle', '1', 'create'],
      ['Truck', '2', 'create'],
    ]);
    const { items } = await audited.reader.history(Vehicle, 2);
    expect(items[0]).toMatchObject({
      entityType: 'Truck',
      after: { kind: 'truck', title: 't', plate: redacted },
    });
    expect((await audited.reader.history(Truck, 2)).items).toHaveLength(1);
  });
});

describe('auditPolicy', () => {
  it('audits an entity made with defineEntity', async () => {
    const em = audited.orm.em.fork();
    em.create(Defined, { title: 'x', cache: 'c' });
    await em.flush();
    const { items } = await audited.reader.history(Defined, 1);
    expect(items).toMatchObject([{ entityType: 'defined', after: { id: 1, title: 'x' } }]);
    expect(items[0]?.after).not.toHaveProperty('cache');
  });

  it('audits an entity made with EntitySchema', async () => {
    await create(Mapped, { title: 'x', cache: 'c' });
    expect(await trailOf(audited)).toEqual([['Mapped', '1', 'create']]);
    expect(await afterOf(Mapped)).toEqual({ id: 1, title: redacted });
  });
});
