import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ANNA, CHANGED_FIELDS, openCase } from './case-story.js';
import { ADAPTERS, createLawFirmApp, type LawFirmApp } from './law-firm-app.js';

describe.each(ADAPTERS)('the routes of entities on %s', (adapter) => {
  let firm: LawFirmApp;
  /** Of the revisions that created and changed the case. */
  let ids: readonly string[];

  const pathsOf = (fields: readonly { readonly path: string }[]) => fields.map(({ path }) => path).sort();

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter);
    await openCase(firm);
    const { items } = await firm.reader.revisions({ order: 'oldest' });
    ids = items.map(({ id }) => id);
  });
  afterAll(() => firm?.close());

  it('show the history of an entity, and its story together with its parts', async () => {
    const { body: history } = await firm.get('/entities/case/1/history');
    expect(history.items.map(({ operation }: { readonly operation: string }) => operation)).toEqual([
      'update',
      'create',
    ]);
    const { body: story } = await firm.get('/entities/case/1/history-with-parts?order=oldest');
    expect(story.items.map((each: { readonly entityType: string }) => each.entityType)).toEqual([
      'case',
      'note',
      'case',
    ]);
  });

  it('show the former state of an entity', async () => {
    const { body } = await firm.get(`/entities/case/1/state?revision=${ids[0]}&populate=client,notes`);
    expect(body.state).toMatchObject({
      title: 'First',
      place: { city: 'Kiel' },
      client: { name: 'Acme' },
      notes: [{ text: 'Hello', case: 1 }],
    });
    const { body: none } = await firm.get('/entities/case/1/state?at=2000-01-01T00:00:00Z');
    expect(none).toEqual({ state: null });
    const { body: many } = await firm.get(
      `/entities/case/states?revision=${ids[1]}&where.tenant="a"&where.total="9007199254740993"`,
    );
    expect(many.items).toMatchObject([{ id: 1, title: 'First, renamed' }]);
  });

  it('show the newest changes and the states of a list, in its order', async () => {
    const { body: latest } = await firm.get('/entities/case/latest?id=99&id=1&details=true');
    const { body: history } = await firm.get('/entities/case/1/history?limit=1&details=true');
    expect(latest).toEqual({ items: [null, history.items[0]] });
    const { body: states } = await firm.get(`/entities/case/states?revision=${ids[0]}&id=99&id=1`);
    const { body: one } = await firm.get(`/entities/case/1/state?revision=${ids[0]}`);
    expect(states).toEqual({ items: [null, one.state], nextCursor: null });
    const { body: of } = await firm.get('/entities/case/1/history?property=place.city&property=fee');
    expect(of.items.map(({ operation }: { readonly operation: string }) => operation)).toEqual([
      'update',
      'create',
    ]);
    expect((await firm.get('/entities/case/1/history?property=fee')).body.items).toHaveLength(1);
  });

  it('count by actor and by entity type', async () => {
    const { body } = await firm.get('/counts?by=actor&entity=case');
    expect(body).toMatchObject({ items: [{ actor: ANNA, changes: 2, revisions: 2 }], countedFrom: null });
    const { body: types } = await firm.get('/counts?by=entityType&partOf=case:1');
    expect(types.items).toEqual([
      { entityType: 'case', changes: 2, revisions: 2 },
      { entityType: 'note', changes: 1, revisions: 1 },
    ]);
  });

  it('show differences, and who is to blame', async () => {
    const { body } = await firm.get(`/entities/case/1/diff?from=revision:${ids[0]}&to=2999-01-01T00:00:00Z`);
    expect(body).toEqual({ fields: CHANGED_FIELDS });
    const { body: blame } = await firm.get('/entities/case/1/blame');
    expect(blame.properties).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          path: 'title',
          operation: 'update',
          revision: expect.objectContaining({ id: ids[1] }),
        }),
        expect.objectContaining({ path: 'total', value: '9007199254740993', operation: 'create' }),
      ]),
    );
    expect(pathsOf(blame.properties)).toContain('topics');
    expect((await firm.get('/entities/case/99/blame')).body).toEqual({ properties: null });
  });
});
