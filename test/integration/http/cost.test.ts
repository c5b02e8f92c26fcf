import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isSoak } from '../../support/soak.js';
import { createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

const CHANGES = isSoak ? 300_000 : 3_000;
/** Of an idle machine; a busy one is only kept from what would take for ever. */
const MOST_MILLISECONDS = isSoak ? 2_000 : 20_000;

const LATER = '2999-01-01T00:00:00Z';
const ALL = 'from=2000-01-01T00:00:00Z';
const many = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at));
const repeated = (count: number, text: (at: number) => string) => many(count, text).join('&');
const inList = (count: number) =>
  `value=${encodeURIComponent(`id:to:in:[${many(count, (at) => `${-at}`).join()}]`)}`;

/** Requests that looked at much, or at little for long. */
const REQUESTS: Readonly<Record<string, string>> = {
  'a page': '/changes?limit=50',
  'a large page with details': '/changes?limit=500&details=true',
  'revisions by a text': '/revisions?text=nomatch',
  'a text that nothing has': '/changes?text=nomatch',
  'the same in one entity': '/changes?text=nomatch&entity=case',
  'a long text': `/changes?text=${'a'.repeat(100)}`,
  'a text of wildcards': `/changes?text=${encodeURIComponent('%_'.repeat(50))}`,
  'a text that is too long': `/changes?text=${'a'.repeat(7_000)}`,
  'all activity': `/activity?${ALL}`,
  'activity by a text': `/activity?${ALL}&text=nomatch`,
  'activity by many values': `/activity?${ALL}&entity=case&${inList(500)}`,
  'activity by too many values': `/activity?${ALL}&entity=case&${inList(1_500)}`,
  'activity by many conditions': `/activity?${ALL}&entity=case&${repeated(20, (at) => `value=extra.a${at}:to:gt:1`)}`,
  'changes by many values': `/changes?entity=case&${inList(500)}`,
  'changes by many conditions': `/changes?entity=case&${repeated(20, (at) => `value=extra.a${at}:to:gt:1`)}`,
  'changes by too many conditions': `/changes?entity=case&${repeated(350, (at) => `value=extra.a${at}:to:gt:1`)}`,
  'changes by many properties': `/changes?entity=case&${repeated(20, (at) => `property=extra.a${at}`)}`,
  'changes by too many properties': `/changes?entity=case&${repeated(700, (at) => `property=extra.a${at}`)}`,
  'activity by many properties': `/activity?${ALL}&entity=case&${repeated(20, (at) => `property=extra.a${at}`)}`,
  'a deep path': `/activity?${ALL}&entity=case&property=extra${'.a'.repeat(190)}`,
  'a path that is too deep': `/changes?entity=case&property=extra${'.a'.repeat(7_000)}`,
  'a value at a path that is too deep': `/changes?entity=case&value=extra${'.a'.repeat(3_000)}:to:eq:1`,
  'many ids': `/changes?entity=case&${repeated(200, (at) => `id=${at}`)}`,
  'too many ids': `/changes?entity=case&${repeated(1_500, (at) => `id=${at}`)}`,
  'an actor who did nothing': '/changes?actor=user:nobody',
  'an actor on behalf of nobody': '/changes?onBehalfOf=user:nobody',
  'states of all': `/entities/case/states?at=${LATER}&limit=50`,
  'states by a value that none has': `/entities/case/states?at=${LATER}&limit=50&where.title=%22nomatch%22`,
  'counts by actor': '/counts?by=actor',
  'counts by entity': '/counts?by=entity&limit=100',
  'counts by a text': '/counts?by=action&text=nomatch',
  'a history': '/entities/case/7/history?limit=500',
  'a history of a property': '/entities/case/7/history?property=fee',
  'a story': '/entities/case/7/history-with-parts?limit=500',
  'the newest changes of many': `/entities/case/latest?${repeated(200, (at) => `id=${at}`)}`,
  'a state': `/entities/case/7/state?at=${LATER}`,
  'states of many': `/entities/case/states?at=${LATER}&${repeated(200, (at) => `id=${at}`)}`,
  'a difference': '/entities/case/7/diff?from=2000-01-01T00:00:00Z&to=2999-01-01T00:00:00Z',
  'who set what': '/entities/case/7/blame',
  'a value in any item': `/changes?entity=case&value=extra.rows.n:to:eq:-1`,
  'the beginning of an export': '/export',
};

/** As an app that has worked for long: 20 members of JSON before and after, 5,000 entities, 10 actors. */
const SEED = (count: number) => `insert into audit_change
  (recorded_at, actor_type, actor_id, actor_label, outcome, metadata, entity_type, entity_id, operation, before, after)
select now() - interval '1 second' * (${count} - g), 'user', 'u' || g % 10, 'U', 'success', '{"tenant":"a"}', 'case',
  (g % 5000 + 1)::text, case when g <= 5000 then 'create' else 'update' end,
  case when g > 5000 then jsonb_build_object('fee', g, 'title', 'Some title ' || g, 'extra', members.all) end,
  jsonb_build_object('fee', g + 1, 'title', 'Other ' || g, 'extra', members.all)
from generate_series(1, ${count}) g, lateral (
  select jsonb_build_object('rows', jsonb_agg(jsonb_build_object('k', 'value ' || i, 'n', g + i))) as all
  from generate_series(1, 20) i) members;
analyze audit_change`;

describe('one request', () => {
  let firm: LawFirmApp;

  beforeAll(async () => {
    firm = await createLawFirmApp('fastify', { http: { recordTrailReads: false } });
    await firm.orm.em.getConnection().execute(SEED(CHANGES));
  });
  afterAll(() => firm?.close());

  it.each(Object.entries(REQUESTS))('keeps the database busy for no long time: %s', async (name, path) => {
    const begin = performance.now();
    const stop = new AbortController();
    const headers = { 'x-access': JSON.stringify(EVERYTHING) };
    const response = await fetch(firm.base + path, { headers, signal: stop.signal });
    const answer = path.startsWith('/export') ? null : await response.json();
    const milliseconds = Math.round(performance.now() - begin);
    if (isSoak) {
      stop.abort();
    } else if (answer === null) {
      // Fastify would keep the connection for 72 seconds, and the suite with it.
      await response.arrayBuffer();
    }
    if (isSoak) {
      console.info(`${name}: ${response.status} in ${milliseconds} ms`);
    }
    expect([200, 400, 422]).toContain(response.status);
    expect(response.status === 400).toBe(/\btoo\b/.test(name));
    if (response.status !== 200) {
      expect(answer).toMatchObject({ code: expect.stringMatching(/^AUDIT_/), detail: expect.any(String) });
    }
    expect(milliseconds).toBeLessThan(MOST_MILLISECONDS);
  });
});
