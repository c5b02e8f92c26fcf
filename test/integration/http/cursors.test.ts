import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import { Case } from '../../support/fixtures/law-firm.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';
import { namedActor } from './read-records.js';
import { expectProblem } from './requests.js';

const OF_A: AuditAccess = { ...EVERYTHING, entities: { case: { within: { metadata: { tenant: 'a' } } } } };
const LATER = '2999-01-01T00:00:00Z';
/** Each route with pages, and whether it is asked for by a scope that changes them. */
const PAGES = [
  '/changes?limit=1',
  '/changes?limit=1&order=oldest',
  '/revisions?limit=1',
  '/entities/case/1/history?limit=1',
  '/entities/case/1/history-with-parts?limit=1',
  `/entities/case/states?at=${LATER}&limit=1`,
  '/revisions/1/changes?limit=1',
];

describe.each(ADAPTERS)('a cursor on %s', (adapter) => {
  let firm: LawFirmApp;

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter, { options: namedActor });
    const em = firm.orm.em.fork();
    for (const tenant of ['a', 'b']) {
      const both = [1, 2].map((at) => em.create(Case, { tenant, title: `${tenant}${at}` }));
      await firm.context.run({ metadata: { tenant } }, () => em.flush());
      for (const one of both) {
        one.title += ', again';
      }
      await firm.context.run({ metadata: { tenant } }, () => em.flush());
    }
  });
  afterAll(() => firm?.close());

  const get = (path: string, user: string, access: AuditAccess = EVERYTHING) =>
    request(firm.base)
      .get(path)
      .set({ 'x-access': JSON.stringify(access), 'x-user': user });
  const cursorOf = async (path: string, access?: AuditAccess): Promise<string> =>
    (await get(path, 'anna', access)).body.nextCursor;
  const continued = (path: string, cursor: string) => `${path}&cursor=${encodeURIComponent(cursor)}`;

  it.each(PAGES)('of %s leads on, for the reader who got it', async (path) => {
    const cursor = await cursorOf(path);
    const { status, body } = await get(continued(path, cursor), 'anna');
    expect([status, body.items.length]).toEqual([200, 1]);
    expectProblem(await get(continued(path, cursor), 'ben'), 400, 'cursor');
    expectProblem(await firm.get(continued(path, cursor)), 400, 'cursor');
  });

  it('leads nowhere with another question', async () => {
    for (const path of PAGES) {
      const cursor = await cursorOf(path);
      for (const other of PAGES.filter((one) => one !== path)) {
        // The story of a case without parts is another question all the same.
        expectProblem(await get(continued(other, cursor), 'anna'), 400, 'cursor');
      }
    }
  });

  it('leads nowhere with another scope', async () => {
    for (const path of PAGES) {
      expectProblem(await get(continued(path, await cursorOf(path)), 'anna', OF_A), 400, 'cursor');
    }
  });

  it('of a revision leads to the changes that it does not show', async () => {
    const cursor = await cursorOf('/revisions/1/changes?limit=1');
    const { body } = await get(continued('/revisions/1/changes?limit=1', cursor), 'anna');
    expect(body).toMatchObject({ items: [{ entityId: '2' }], nextCursor: null });
  });

  it('tells nothing of where a search has stopped, not even in the layers of its encoding', async () => {
    for (const path of PAGES) {
      const cursor = await cursorOf(path, path.includes('/1/') ? EVERYTHING : OF_A);
      expect([path, layersOf(cursor ?? '').filter((text) => /\["\d+/.test(text))]).toEqual([path, []]);
      expect(cursor).toMatch(/^[\w-]{100,}$/);
    }
  });
});

/** Everything that a text is in base64, from any of its first characters on. */
function layersOf(text: string): readonly string[] {
  return Array.from({ length: 24 }, (_, at) => Buffer.from(text.slice(at), 'base64url').toString('latin1'));
}
