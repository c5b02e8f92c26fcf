import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import { Asset, Car, Desk, Laptop, Truck, Vehicle } from '../../support/fixtures/company-things.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

const SECRET = 'CANARY';

/** Of each family one class with something hidden, and one without. */
const BLIND: AuditAccess = {
  ...EVERYTHING,
  entities: {
    '*': { within: 'all' },
    Truck: { within: 'all', hidden: ['plate', 'trailer'] },
    laptop: { within: 'all', hidden: ['label', 'serial'] },
  },
};

// A query names a class; the row says which one it is of.
describe.each(ADAPTERS)('a family of classes on %s', (adapter) => {
  let firm: LawFirmApp;
  let first: string;

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter, {
      entities: [Vehicle, Car, Truck, Asset, Laptop, Desk],
      oracle: {
        entities: [
          { entity: Car, name: 'Car' },
          { entity: Truck, name: 'Truck' },
          { entity: Laptop, name: 'laptop' },
          { entity: Desk, name: 'desk' },
        ],
      },
    });
    const em = firm.orm.em.fork();
    const truck = em.create(Truck, { id: 1, plate: SECRET, load: 1, trailer: SECRET });
    const car = em.create(Car, { id: 2, plate: 'seen', seats: 4 });
    const laptop = em.create(Laptop, { id: 1, kind: 'laptop', label: SECRET, serial: SECRET });
    const desk = em.create(Desk, { id: 2, kind: 'desk', label: 'seen', height: 70 });
    await em.flush();
    Object.assign(truck, { plate: `${SECRET} 2`, trailer: `${SECRET} 2`, load: 2 });
    Object.assign(laptop, { label: `${SECRET} 2`, serial: `${SECRET} 2` });
    Object.assign(car, { plate: 'seen 2' });
    Object.assign(desk, { label: 'seen 2' });
    await em.flush();
    first = (await firm.reader.revisions({ order: 'oldest' })).items[0]?.id ?? '';
  });
  afterAll(() => firm?.close());

  const point = () => `revision=${first}`;
  const answersFor = async (type: string, id: string, access: AuditAccess) => {
    const row = `/entities/${type}/${id}`;
    const paths = [
      `${row}/history`,
      `${row}/history?details=true`,
      `${row}/history-with-parts`,
      `${row}/state?${point()}`,
      `${row}/diff?from=2000-01-01T00:00:00Z&to=2999-01-01T00:00:00Z`,
      `${row}/diff?from=revision:${first}&to=2999-01-01T00:00:00Z`,
      `${row}/blame`,
      `/entities/${type}/latest?id=${id}`,
      `/entities/${type}/states?${point()}`,
      `/entities/${type}/states?${point()}&id=${id}`,
      `/changes?entity=${type}&id=${id}`,
      `/export?entity=${type}`,
      `/export?entity=${type}&format=csv`,
      `/counts?entity=${type}&by=entity`,
    ];
    const plan = (body: object) =>
      request(firm.base).post(`${row}/restore-plan`).set('x-access', JSON.stringify(access)).send(body);
    const answers = await Promise.all([
      ...paths.map(async (path) => {
        const { status, text } = await firm.get(path, access).buffer(true);
        return { path, status, text };
      }),
      ...[{ to: { revision: first } }, { to: { at: '2000-01-01T00:00:00Z' } }].map(async (body) => {
        const { status, text } = await plan(body);
        return { path: `${row}/restore-plan ${JSON.stringify(body)}`, status, text };
      }),
    ]);
    return answers;
  };

  it.each([
    ['Vehicle', 'Truck'],
    ['Truck', 'Truck'],
    ['Asset', 'laptop'],
    ['laptop', 'laptop'],
  ])('asked for as %s, a row that is a %s hides what is hidden of that', async (type) => {
    for (const { path, status, text } of await answersFor(type, '1', BLIND)) {
      expect([path, status, text.includes(SECRET)]).toEqual([path, 200, false]);
    }
    const whole = await answersFor(type, '1', EVERYTHING);
    const telling = whole.filter(({ text }) => text.includes(SECRET)).length;
    // All but counts tell it to who may see it, or the test would show nothing.
    expect([telling, whole.length]).toEqual([whole.length - 1, whole.length]);
  });

  it.each([
    ['Vehicle', 'plate'],
    ['Asset', 'label'],
  ])('shows in changes of a %s of another class what is hidden of one', async (type, path) => {
    for (const route of [`/entities/${type}/2/history`, `/entities/${type}/latest?id=2`]) {
      const { body } = await firm.get(route, BLIND);
      expect(body.items[0].fields).toEqual([{ path, before: 'seen', after: 'seen 2' }]);
    }
  });

  it.each([
    ['Vehicle', 'trailer'],
    ['Vehicle', 'plate'],
    ['Asset', 'serial'],
    ['Asset', 'label'],
  ])('finds no %s by %s, which is hidden of one of its classes', async (type, path) => {
    for (const route of [
      `/changes?entity=${type}&property=${path}`,
      `/changes?entity=${type}&value=${encodeURIComponent(`${path}:to:eq:"${SECRET}"`)}`,
      `/entities/${type}/1/history?property=${path}`,
      `/entities/${type}/states?${point()}&where.${path}=${encodeURIComponent(`"${SECRET}"`)}`,
    ]) {
      expect([route, (await firm.get(route, BLIND)).status]).toEqual([route, 403]);
    }
  });
});
