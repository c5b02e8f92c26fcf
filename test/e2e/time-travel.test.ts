import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nextMillisecond } from '../support/next-millisecond.js';
import { newWorkOrder, TestApp } from './test-app.js';

describe('looking back at a work order', () => {
  let app: TestApp;
  let id: number;
  let path: string;

  /** A time that lies between what happened before and what happens after. */
  const pause = async (): Promise<string> => {
    await nextMillisecond();
    const now = new Date().toISOString();
    await nextMillisecond();
    return now;
  };
  const get = (query: string) => app.send(app.anna, 'get', `${path}${query}`);
  let [beginning, created, tagged]: string[] = [];

  beforeAll(async () => {
    app = await TestApp.start();
    beginning = await pause();
    const response = await app.send(app.anna, 'post', '/work-orders').send(newWorkOrder('WO-7'));
    id = response.body.id;
    path = `/work-orders/${id}`;
    created = await pause();
    await app.send(app.boris, 'put', `${path}/tags/urgent`).expect(200);
    const item = { description: 'Fan', quantity: 2, unitPrice: '10.00' };
    await app.send(app.boris, 'post', `${path}/line-items`).send(item).expect(201);
    await app
      .send(app.boris, 'patch', path)
      .send({ title: 'Later', customFields: { gate: 'C' } })
      .expect(200);
    tagged = await pause();
  });
  afterAll(() => app?.close());

  it('shows it as the API showed it then', async () => {
    const { body: now } = await get('');
    expect(now).toMatchObject({ title: 'Later', tags: ['urgent'], lineItems: [{ description: 'Fan' }] });
    const { body: then } = await get(`?at=${tagged}`).expect(200);
    expect(then).toEqual(now);
    const { body: first } = await get(`?at=${created}`).expect(200);
    expect(first).toMatchObject({
      title: 'Replace the extraction fan',
      address: { city: 'Hamburg' },
      customer: { id: 1, name: expect.any(String) },
      technician: null,
      tags: [],
      lineItems: [],
    });
    await get(`?at=${beginning}`).expect(404);
  });

  it.each(['at=yesterday', 'at=2027', 'at=', 'at=2027-13-01T00:00:00Z'])('refuses ?%s', async (query) => {
    await get(`?${query}`).expect(400);
  });

  it('shows the differences between two times', async () => {
    const { body } = await get(`/diff?from=${created}&to=${tagged}`).expect(200);
    const [{ id: tag } = { id: 0 }] = await app.query<{ id: number }>(
      "select id from tag where name = 'urgent'",
    );
    expect(body).toEqual(
      expect.arrayContaining([
        { path: 'title', before: 'Replace the extraction fan', after: 'Later' },
        { path: 'customFields.gate', before: 'B', after: 'C' },
        { path: 'tags', before: [], after: [tag], labels: { [tag]: 'urgent' } },
      ]),
    );
    expect(body).toHaveLength(3);
    const { body: back } = await get(`/diff?from=${tagged}&to=${created}`).expect(200);
    expect(back).toContainEqual({ path: 'title', before: 'Later', after: 'Replace the extraction fan' });
    await get('/diff').expect(400);
    await get(`/diff?from=${created}`).expect(400);
  });

  it('shows who gave each property its value', async () => {
    const { body } = await get('/blame').expect(200);
    const actors = Object.fromEntries(
      (body as { path: string; revision: { actor: { label: string } } }[]).map((one) => [
        one.path,
        one.revision.actor.label,
      ]),
    );
    expect(actors).toMatchObject({ title: app.boris.name, tags: app.boris.name, number: app.anna.name });
    await app.send(app.anna, 'get', '/work-orders/999999/blame').expect(404);
  });

  it('goes on after it was deleted', async () => {
    await app.send(app.anna, 'delete', path).expect(204);
    await get('').expect(404);
    expect((await get(`?at=${tagged}`).expect(200)).body).toMatchObject({ title: 'Later', tags: ['urgent'] });
    await get('/blame').expect(404);
  });
});
