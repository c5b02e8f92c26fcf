import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Topic } from '../../support/fixtures/law-firm.js';
import { ADAPTERS, createLawFirmApp, type LawFirmApp } from './law-firm-app.js';

const AT = 'at=2999-01-01T00:00:00Z';

describe.each(ADAPTERS)('entities without a beginning on %s', (adapter) => {
  let firm: LawFirmApp;

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter);
    const em = firm.orm.em.fork();
    const topics = ['first', 'second', 'third'].map((name) => em.create(Topic, { name }));
    await em.flush();
    for (const topic of topics) {
      topic.name += ', again';
    }
    await em.flush();
    // As if auditing had begun when the second was there, and had never seen the third.
    await em.getConnection().execute(`delete from audit_change where entity_type = 'topic'
      and (entity_id = '3' or (entity_id = '2' and operation = 'create'))`);
  });
  afterAll(() => firm?.close());

  it('do not keep the others of a page from being shown', async () => {
    const { status, body } = await firm.get(`/entities/topic/states?${AT}`);
    expect([status, body.items.map(({ id, name }: Record<string, unknown>) => [id, name])]).toEqual([
      200,
      [
        [1, 'first, again'],
        [2, 'second, again'],
      ],
    ]);
    const named = await firm.get(`/entities/topic/states?${AT}&where.name="first, again"`);
    expect([named.status, named.body.items.length]).toEqual([200, 1]);
  });

  it('do not keep the others of a list of ids from being shown', async () => {
    const { status, body } = await firm.get(`/entities/topic/states?${AT}&id=3&id=1&id=99&id=2`);
    expect([status, body.items]).toEqual([
      200,
      [
        expect.objectContaining({ id: 3 }),
        expect.objectContaining({ id: 1, name: 'first, again' }),
        null,
        expect.objectContaining({ id: 2, name: 'second, again' }),
      ],
    ]);
    expect(body.items[0].name).toBeUndefined();
  });

  it('are a problem where nothing else is asked for', async () => {
    const { status, body } = await firm.get(`/entities/topic/3/state?${AT}`);
    expect([status, body.code]).toEqual([409, expect.stringMatching(/^AUDIT_/)]);
  });
});
