import { describe, expect, it } from '@jest/globals';
import { Embeddable, Embedded, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited, AuditIgnore, AuditMask, MaskedValue } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { trailText } from './stored-text.js';

const redacted = new MaskedValue('redact', null);

@Embeddable()
class Contact {
  @AuditMask('last4')
  @Property({ type: 'string', nullable: true })
  phone?: string | null;

  @AuditIgnore()
  @Property({ type: 'string', nullable: true })
  cache?: string | null;
}

@Embeddable()
class Address {
  @Property({ type: 'string' })
  city!: string;

  @AuditMask()
  @Property({ type: 'string', nullable: true })
  street?: string | null;

  @AuditIgnore()
  @Property({ type: 'string', nullable: true })
  geohash?: string | null;

  @Property({ type: 'string', nullable: true })
  pinCode?: string | null;

  @AuditMask(false)
  @Property({ type: 'string', nullable: true })
  token?: string | null;

  @Embedded({ entity: () => Contact, nullable: true })
  contact?: Contact | null;
}

@AuditMask()
@Embeddable()
class Health {
  @Property({ type: 'string', nullable: true })
  note?: string | null;

  @AuditMask(false)
  @Property({ type: 'string', nullable: true })
  status?: string | null;
}

@Audited()
@Entity()
class Person {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Embedded({ entity: () => Address })
  home!: Address;

  @Embedded({ entity: () => Address, object: true, nullable: true })
  work?: Address | null;

  @Embedded({ entity: () => Address, array: true, nullable: true })
  others?: Address[] | null;

  @AuditMask()
  @Embedded({ entity: () => Address, object: true, nullable: true })
  secretPlace?: Address | null;

  @AuditIgnore()
  @Embedded({ entity: () => Address, nullable: true })
  former?: Address | null;

  @Embedded({ entity: () => Health, nullable: true })
  health?: Health | null;
}

const audited = useAuditedApp({
  entities: [Person, Address, Contact, Health],
  // The oracle does not know which properties the decorators ignore.
  verify: false,
});

const address = (suffix = '') => ({
  city: `Bonn${suffix}`,
  street: `CANARY street${suffix}`,
  geohash: `CANARY hash${suffix}`,
  pinCode: `CANARY pin${suffix}`,
  token: 'in clear',
  contact: { phone: `CANARY-0049-228-${suffix}1234`, cache: `CANARY cache${suffix}` },
});

const inTrail = {
  city: 'Bonn',
  street: redacted,
  pinCode: redacted,
  token: 'in clear',
  contact: { phone: new MaskedValue('last4', '1234') },
};

async function createPerson(): Promise<Person> {
  const em = audited.orm.em.fork();
  const person = em.create(Person, {
    home: address(),
    work: address(),
    others: [address(), address()],
    secretPlace: address(),
    former: address(),
    health: { note: 'CANARY note', status: 'ill' },
  });
  await em.flush();
  return person;
}

async function lastChange(id: number) {
  const { items } = await audited.reader.history(Person, id, { limit: 1 });
  return items[0];
}

describe('decorators on the members of an embeddable class', () => {
  it('hold where it is stored in columns', async () => {
    const { id } = await createPerson();
    const after = (await lastChange(id))?.after ?? {};
    expect(Object.fromEntries(Object.entries(after).filter(([path]) => path.startsWith('home.')))).toEqual({
      'home.city': 'Bonn',
      'home.street': redacted,
      'home.pinCode': redacted,
      'home.token': 'in clear',
      'home.contact.phone': new MaskedValue('last4', '1234'),
    });
  });

  it('hold where it is stored as an object, and as an array of objects', async () => {
    const { id } = await createPerson();
    expect((await lastChange(id))?.after).toMatchObject({ work: inTrail, others: [inTrail, inTrail] });
    expect(Object.keys((await lastChange(id))?.after?.work as object)).not.toContain('geohash');
  });

  it('yield to the policy that the entity has for the embeddable', async () => {
    const { id } = await createPerson();
    const after = (await lastChange(id))?.after ?? {};
    expect(after.secretPlace).toEqual(redacted);
    expect(Object.keys(after).filter((path) => path.startsWith('former'))).toEqual([]);
  });

  it('hold for all members where they stand on the class, but for exceptions', async () => {
    const { id } = await createPerson();
    expect((await lastChange(id))?.after).toMatchObject({ 'health.note': redacted, 'health.status': 'ill' });
  });

  it('let a change of a masked member be seen, and of an ignored one not', async () => {
    const { id } = await createPerson();
    const em = audited.orm.em.fork();
    const person = await em.findOneOrFail(Person, id);
    person.home.street = 'CANARY road';
    await em.flush();
    expect((await lastChange(id))?.fields).toEqual([
      { path: 'home.street', before: redacted, after: redacted },
    ]);
    person.home.geohash = 'CANARY other';
    await em.flush();
    expect((await audited.reader.history(Person, id)).items).toHaveLength(2);
  });

  it('leave no canary in the audit tables', async () => {
    const { id } = await createPerson();
    const em = audited.orm.em.fork();
    const person = await em.findOneOrFail(Person, id);
    em.assign(person, {
      home: address('2'),
      work: address('2'),
      others: [address('2')],
      secretPlace: address('2'),
      former: address('2'),
      health: { note: 'CANARY 2', status: 'well' },
    });
    await em.flush();
    em.remove(person);
    await em.flush();
    const text = await trailText(audited);
    expect(text).toContain('Bonn2');
    expect(text).toContain('well');
    expect(text).not.toContain('CANARY');
  });
});
