import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Case, Salary } from '../../support/fixtures/law-firm.js';
import { sequenced } from '../../support/sequenced.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';
import { listen } from './live-events.js';
import { expectProblem } from './requests.js';

const OF_B = { permissions: ['list'], entities: { case: { within: { metadata: { tenant: 'b' } } } } };

describe.each(ADAPTERS)('what happens now, on %s', (adapter) => {
  let firm: LawFirmApp;
  const add = async (tenant: string) => {
    const em = firm.orm.em.fork();
    em.create(Case, { tenant, title: 'New' });
    em.create(Salary, { amount: 1 });
    await firm.context.run({ metadata: { tenant } }, () => em.flush());
    await sequenced(firm.app);
    const [newest] = (await firm.reader.revisions({ operation: 'create', limit: 1 })).items;
    return newest?.id ?? '';
  };
  /** Adds one for each tenant once the ear is open. */
  const listenTo = async (
    tenants: readonly string[],
    expected: readonly string[],
    access: object = EVERYTHING,
  ) => {
    const added: string[] = [];
    const events = await listen(firm, {
      access,
      isEnough: (ids) =>
        added.filter((_, at) => expected.includes(tenants[at] ?? '')).every((id) => ids.includes(id)),
      whenOpen: async () => {
        for (const tenant of tenants) {
          added.push(await add(tenant));
        }
      },
    });
    return { events, added, heard: events.filter(({ id }) => added.includes(id)) };
  };
  const listenToNext = async (tenant: string, lastId: string, access: object = EVERYTHING) => {
    let added = '';
    return await listen(firm, {
      access,
      headers: { 'last-event-id': lastId },
      isEnough: (ids) => added !== '' && ids.includes(added),
      whenOpen: async () => {
        added = await add(tenant);
      },
    });
  };

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter, { options: { sequencer: true } });
    await add('a');
  });
  afterAll(() => firm?.close());

  it('comes to those who listen, from then on', async () => {
    const { heard, added } = await listenTo(['a', 'b'], ['a', 'b']);
    expect(heard.map(({ id }) => id)).toEqual(added);
    expect(heard[0]?.data).toMatchObject({
      id: added[0],
      counts: { case: 1, salary: 1 },
      outcome: 'success',
    });
  });

  it('goes on after the event that was heard last', async () => {
    const { items } = await firm.reader.revisions({ operation: 'create', order: 'oldest', limit: 2 });
    const [first, second] = items;
    const events = await listen(firm, {
      isEnough: (ids) => ids.length > 0,
      headers: { 'last-event-id': first?.id ?? '' },
    });
    expect(events[0]?.id).toBe(second?.id);
  });

  it.each([
    ['garbage', 'now'],
    ['no revision', '999999'],
    ['no id at all', '9999999999999999999'],
    ['more than a number', '1; drop table audit_change'],
    ['very long', '1'.repeat(2_000)],
  ])('begins with what comes now where the event that was heard last is %s', async (_, lastId) => {
    const old = await add('a');
    const events = await listenToNext('a', lastId);
    expect(events.map(({ id }) => id).filter((id) => Number(id) < Number(old))).toEqual([]);
    expect(events.at(-1)?.data.counts).toEqual({ case: 1, salary: 1 });
  });

  it('does not tell whether there is a revision of somebody else', async () => {
    const foreign = await add('a');
    const own = await add('b');
    const events = await listenToNext('b', foreign, OF_B);
    expect(events.map(({ id }) => id)).not.toContain(own);
  });

  it('includes only what the reader may see', async () => {
    const { events, heard, added } = await listenTo(['a', 'b'], ['b'], OF_B);
    expect(heard.map(({ id }) => id)).toEqual([added[1]]);
    expect(events.map(({ data }) => data.counts)).toEqual(events.map(() => ({ case: 1 })));
  });

  it('ends after five minutes, so that the reader has to show its rights again', async () => {
    const now = performance.now.bind(performance);
    const clock = jest.spyOn(performance, 'now');
    try {
      const response = await fetch(`${firm.base}/events`, {
        headers: { 'x-access': JSON.stringify(EVERYTHING) },
      });
      expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
      const pieces = response.body?.getReader();
      await pieces?.read();
      clock.mockImplementation(() => now() + 240_000);
      const added = await add('a');
      expect(Buffer.from((await pieces?.read())?.value ?? []).toString()).toContain(`id: ${added}\n`);
      clock.mockImplementation(() => now() + 300_000);
      expect((await pieces?.read())?.done).toBe(true);
    } finally {
      clock.mockRestore();
    }
  });

  it('is counted by day', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const { body } = await firm.get(`/activity?from=${today}T00:00:00Z&entity=case`);
    const { body: page } = await firm.get('/changes?entity=case&limit=500');
    expect(body).toMatchObject({
      days: [{ day: today, total: page.items.length, byEntityType: { case: page.items.length } }],
    });
    for (const [query, parameter] of [
      ['', 'from'],
      ['?from=2027-01-01T00:00:00Z&timeZone=Mars/Olympus', 'timeZone'],
    ]) {
      const { status, body: problem } = await firm.get(`/activity${query}`);
      expect([status, problem.parameter]).toEqual([400, parameter]);
    }
  });
});

it('live events are a problem where nothing has an order yet', async () => {
  const firm = await createLawFirmApp('express');
  try {
    await firm.orm.em.getConnection().execute('truncate audit_tick, audit_position');
    const response = await firm.get('/events');
    expectProblem(response, 503, undefined);
    expect(response.body.code).toBe('AUDIT_SEQUENCER_MISSING');
  } finally {
    await firm.close();
  }
});
