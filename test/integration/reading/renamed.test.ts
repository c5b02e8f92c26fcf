import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy, HistoryUnavailableError } from 'nestjs-mikro-audit';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';

const Country = defineEntity({
  name: 'Country',
  properties: { code: p.string().primary(), name: p.string() },
});

let audited: AuditedApp;

beforeAll(async () => {
  audited = await createAuditedApp({ entities: [Country], options: { policies: [auditPolicy(Country)] } });
});
afterAll(() => audited.close());

it('the history of an entity whose key has changed goes on under the keys before', async () => {
  const em = audited.orm.em.fork();
  const country = em.create(Country, { code: 'a', name: 'A' });
  await em.flush();
  for (const code of ['b', 'c']) {
    country.code = code;
    await em.flush();
    country.name += code;
    await em.flush();
  }
  const story = async (key: string, limit: number) => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof next>> = await next(key, limit, cursor);
      seen.push(...page.items.map((change) => `${change.operation} ${change.entityId} ${change.renamedTo}`));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return seen;
  };
  const next = (key: string, limit: number, cursor: string | null) =>
    audited.reader.history(Country, key, { limit, cursor });
  const whole = ['update c null', 'update b c', 'update b null', 'update a b', 'create a null'];
  expect(await story('c', 50)).toEqual(whole);
  expect(await story('c', 2)).toEqual(whole);
  expect(await story('b', 50)).toEqual(whole.slice(1));
  expect(await story('a', 1)).toEqual(whole.slice(3));
  expect(await audited.reader.asOf(Country, 'a', new Date())).toBeNull();
  await expect(audited.reader.asOf(Country, 'c', new Date(0))).rejects.toThrow(HistoryUnavailableError);
  await audited.oracle.verify();
});
