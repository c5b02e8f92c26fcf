import { describe, expect, it } from '@jest/globals';
import { useAuditedApp } from '../../support/use-audited-app.js';
import {
  Car,
  Contact,
  Hashed,
  House,
  Land,
  Masked,
  Other,
  Person,
  Shop,
  Street,
  Tagged,
  Town,
  Van,
  valueModels,
} from './value-models.js';
import { changesSeen, expectParity, KeptRows } from './value-statements.js';

const ROOM = 1_000;
const options = { hashKey: 'sixteen letters!', maxValueBytes: ROOM } as const;
const audited = useAuditedApp({ entities: valueModels, options, verify: false });

const contact = (values: Partial<Contact>): Contact => Object.assign(new Contact(), values);

const other = (values: Partial<Other>): Other => Object.assign(new Other(), values);

describe('an embeddable that is stored as JSON', () => {
  it('has the names of its properties, and what the policy leaves of its members', async () => {
    const all = (): Contact =>
      contact({
        mail: 'a@b.c',
        phone: '+4930😀12345',
        passport: 'C01X00T47',
        seen: 1,
        extra: { password: 'x', $links: [1], a: { $mask: 1 } },
        others: [other({ mail: 'https://u:p@h', phone: '12345678', seen: 2 }), other({ mail: null })],
      });
    await expectParity(
      audited.orm,
      options,
      'Person',
      (em) => em.create(Person, { contact: all(), contacts: [all(), contact({})], hidden: all() }),
      [
        (row) => {
          row.contact = contact({ ...all(), seen: 2, phone: '+4930123456' });
          row.contacts = [];
          row.hidden = null;
        },
        (row) => {
          row.contact = contact({ name: 'api_key', value: 'x' });
          row.contacts = [contact({ name: 'color', value: 'red' }), contact({ extra: null })];
          row.hidden = contact({});
          row.tagged = Object.assign(new Tagged(), { $data: { password: 'x', a: { $links: [1] } } });
        },
        (row) => {
          row.contact = contact({ extra: ['x'.repeat(ROOM)] });
          row.contacts = Array.from({ length: 50 }, (_, at) => contact({ mail: `${at}@example.org` }));
          row.hidden = contact({ mail: 'x' });
          row.tagged = Object.assign(new Tagged(), { $data: { token: 'x' }, more: 'y' });
        },
        (row) => {
          row.contact = null;
          row.contacts = null;
        },
      ],
    );
  });
});

it('a change of an ignored member alone is none, whatever else is hidden', async () => {
  const kept = new KeptRows(audited.orm, options);
  const em = audited.orm.em.fork();
  const row = em.create(Person, {
    contact: contact({ seen: 1, phone: '12345678', others: [other({ seen: 1 })] }),
  });
  for (const seen of [1, 2, 3]) {
    row.contact = contact({ seen, phone: seen === 3 ? '23456789' : '12345678', others: [other({ seen })] });
    await em.flush();
    await kept.keep('Person');
  }
  expect((await kept.seen('Person')).map(({ changed }) => changed)).toEqual([null, [], ['contact']]);
});

describe('a masked value', () => {
  it('is hidden as in the trail, and null where it is null', async () => {
    await expectParity(audited.orm, options, 'Masked', (em) => em.create(Masked, {}), [
      (row) =>
        Object.assign(row, {
          redacted: 'x',
          redactedJson: { a: 1 },
          lastOfText: '😀2345678',
          lastOfNumber: '4111111111111111',
          lastOfInteger: 12_345_678,
          lastOfJson: 'DE12500105170648489890',
          lastOfArray: ['12345678'],
          apiKey: 'x',
          inner: 'y',
          ignored: 'z',
        }),
      (row) =>
        Object.assign(row, {
          redacted: 'y',
          redactedJson: null,
          lastOfText: '1234567',
          lastOfNumber: '-1',
          lastOfInteger: 1,
          lastOfJson: 123_456_789,
          lastOfArray: [],
          apiKey: null,
        }),
      (row) => Object.assign(row, { lastOfText: 'x'.repeat(ROOM), lastOfJson: { a: 1 }, lastOfNumber: null }),
      (row) => Object.assign(row, { ignored: 'y' }),
      (row) => Object.assign(row, { lastOfText: `${'x'.repeat(ROOM)}y`, redactedJson: [] }),
    ]);
  });
});

it('has no hash, because its key must not be in the database', async () => {
  const kept = new KeptRows(audited.orm, options);
  const em = audited.orm.em.fork();
  const row = em.create(Hashed, { mail: 'a@b.c' });
  await em.flush();
  await kept.keep('Hashed');
  row.mail = 'd@e.f';
  await em.flush();
  await kept.keep('Hashed');
  const hidden = { $mask: { kind: 'redact' } };
  expect(changesSeen(await kept.seen('Hashed'))).toEqual([
    ['create', null, { id: 1, mail: hidden }],
    ['update', { mail: hidden }, { mail: hidden }],
  ]);
});

describe('a key', () => {
  it('is nested as MikroORM has it, and its text is the entity id', async () => {
    const em = audited.orm.em.fork();
    const land = em.create(Land, { id: 'AAAAAAAA-0000-4000-8000-00000000000B' });
    const town = em.create(Town, { land, since: new Date('2024-05-01T10:00:00.120Z') });
    const [one, other] = ['a', 'b"'].map((code) => em.create(Street, { town, code }));
    const shop = em.create(Shop, { id: 'AAAAAAAA-0000-4000-8000-00000000000C' });
    await em.flush();
    await expectParity(
      audited.orm,
      options,
      'House',
      () => em.create(House, { street: one as Street, number: 0.5 }),
      [
        (house) => Object.assign(house, { corner: other, land, owner: shop }),
        (house) => Object.assign(house, { corner: one, land: null, owner: land }),
        (house) => Object.assign(house, { corner: null, owner: null }),
      ],
    );
  });
});

it.each([
  [Car, 'seats'],
  [Van, 'load'],
] as const)('a column of several classes is the property of each: %p', async (type, name) => {
  await expectParity(
    audited.orm,
    options,
    type.name,
    (em) => em.create(type, { [name]: 1 } as never) as object,
    [(row) => Object.assign(row, { [name]: 2 })],
  );
});
