import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/postgresql';
import { auditPolicy } from 'nestjs-mikro-audit';
import request from 'supertest';
import { createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';
import { expectProblem } from './requests.js';

const UUID = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
const Numbered = defineEntity({
  name: 'Numbered',
  properties: { id: p.integer().primary(), title: p.string() },
});
const Unique = defineEntity({ name: 'Unique', properties: { id: p.uuid().primary(), title: p.string() } });
const Pair = defineEntity({
  name: 'Pair',
  properties: { a: p.integer().primary(), b: p.bigint().primary(), title: p.string() },
});
const NAMED = [
  [Numbered, 'numbered'],
  [Unique, 'unique'],
  [Pair, 'pair'],
] as const;
const SPELLINGS: readonly (readonly [type: string, id: string, others: readonly string[]])[] = [
  ['numbered', '1', ['01', '1.0', '+1', ' 1', '1 ', '1e0', '0x1', '-0']],
  ['unique', UUID, [UUID.toUpperCase(), `{${UUID}}`, UUID.replaceAll('-', '')]],
  ['pair', '["1","2"]', ['["1", "2"]', '["01","2"]', '["1","02"]', '["1","2.0"]']],
];

describe('an id that is spelled in another way', () => {
  let firm: LawFirmApp;

  beforeAll(async () => {
    firm = await createLawFirmApp('fastify', {
      entities: NAMED.map(([entity]) => entity),
      oracle: { entities: NAMED.map(([entity, name]) => ({ entity, name })) },
      options: { policies: NAMED.map(([entity, name]) => auditPolicy(entity as typeof Numbered, { name })) },
    });
    const em = firm.orm.em.fork();
    em.create(Numbered, { id: 1, title: 'x' });
    em.create(Unique, { id: UUID, title: 'x' });
    em.create(Pair, { a: 1, b: 2n, title: 'x' });
    await em.flush();
  });
  afterAll(() => firm?.close());

  const pathsOf = (type: string, id: string): readonly string[] => [
    `/entities/${type}/${id}/history`,
    `/entities/${type}/${id}/history-with-parts`,
    `/entities/${type}/${id}/state?at=2999-01-01T00:00:00Z`,
    `/entities/${type}/${id}/diff?from=2000-01-01T00:00:00Z&to=2999-01-01T00:00:00Z`,
    `/entities/${type}/${id}/blame`,
    `/entities/${type}/latest?id=${id}`,
    `/entities/${type}/states?at=2999-01-01T00:00:00Z&id=${id}`,
    `/changes?entity=${type}&id=${id}`,
    `/export/manifest?entity=${type}&id=${id}`,
    `/counts?by=entity&entity=${type}&id=${id}`,
    `/changes?partOf=${type}:${id}`,
  ];

  it.each(SPELLINGS)('is never taken for that of a %s', async (type, id, others) => {
    for (const path of pathsOf(type, encodeURIComponent(id))) {
      const { status, text } = await firm.get(path);
      expect([path, status, /"x"|"count":1/.test(text) || path.includes('counts')]).toEqual([
        path,
        200,
        true,
      ]);
    }
    for (const other of others) {
      const known = await firm.get(`/changes?entity=${type}&id=${encodeURIComponent(other)}`);
      if (known.status === 200) {
        // Not even a number: nothing has it.
        expect([other, known.body.items]).toEqual([other, []]);
        continue;
      }
      for (const path of pathsOf(type, encodeURIComponent(other))) {
        expectProblem(await firm.get(path), 400, path.includes('partOf=') ? 'partOf' : 'id');
      }
      const plan = await request(firm.base)
        .post(`/entities/${type}/${encodeURIComponent(other)}/restore-plan`)
        .set('x-access', JSON.stringify(EVERYTHING))
        .send({ to: { at: '2999-01-01T00:00:00Z' } });
      expectProblem(plan, 400, 'id');
    }
  });
});
