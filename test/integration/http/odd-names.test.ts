import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/postgresql';
import { auditPolicy } from 'nestjs-mikro-audit';
import request from 'supertest';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

const define = (name: string) =>
  defineEntity({ name, properties: { id: p.string().primary(), title: p.string() } });
const [Plain, Colon, Slash] = [define('Plain'), define('Colon'), define('Slash')];
const NAMED = [
  [Plain, 'a'],
  [Colon, 'a:b'],
  [Slash, 'x/y:z'],
] as const;
const IDS = ['1', 'b:1', 'a/b', '..', '%2F', 'é 💥', '?x=1#y'];

describe.each(ADAPTERS)('names and ids with colons and slashes on %s', (adapter) => {
  let shop: LawFirmApp;

  beforeAll(async () => {
    shop = await createLawFirmApp(adapter, {
      entities: NAMED.map(([entity]) => entity),
      oracle: { entities: NAMED.map(([entity, name]) => ({ entity, name })) },
      options: { policies: NAMED.map(([entity, name]) => auditPolicy(entity, { name })) },
      http: { recordTrailReads: false },
    });
    const em = shop.orm.em.fork();
    for (const entity of [Plain, Colon, Slash]) {
      for (const id of IDS) {
        em.create(entity, { id, title: 'x' });
      }
    }
    await em.flush();
  });
  afterAll(() => shop?.close());

  const get = (path: string) => shop.get(path);
  const idsOf = ({
    body,
  }: {
    readonly body: { readonly items: readonly { entityType: string; entityId: string }[] };
  }) => body.items.map(({ entityType, entityId }) => [entityType, entityId]);

  it('are told in paths, in parameters, and by cursors', async () => {
    for (const type of ['a', 'a:b', 'x/y:z']) {
      for (const id of IDS.filter((one) => one !== '..')) {
        const [name, key] = [type, id].map(encodeURIComponent);
        const path = `/entities/${name}/${key}`;
        expect(idsOf(await get(`${path}/history`))).toEqual([[type, id]]);
        expect(idsOf(await get(`${path}/history-with-parts`))).toEqual([[type, id]]);
        expect((await get(`${path}/state?at=2999-01-01T00:00:00Z`)).body.state).toEqual({ id, title: 'x' });
        expect(idsOf(await get(`/changes?entity=${name}&id=${key}`))).toEqual([[type, id]]);
        expect(idsOf(await get(`/entities/${name}/latest?id=${key}`))).toEqual([[type, id]]);
        const whole = await get(`/changes?partOf=${name}:${key}`);
        // Either the entity a with the id b:1, or a:b with 1.
        const isAmbiguous = `${type}:${id}`.startsWith('a:b:');
        expect(isAmbiguous ? whole.status : idsOf(whole)).toEqual(isAmbiguous ? 400 : [[type, id]]);
      }
      const first = await get(`/changes?entity=${encodeURIComponent(type)}&limit=4`);
      const rest = await get(
        `/changes?entity=${encodeURIComponent(type)}&limit=4&cursor=${first.body.nextCursor}`,
      );
      expect([...idsOf(first), ...idsOf(rest)].map(([, id]) => id).sort()).toEqual([...IDS].sort());
    }
  });

  it('stand in tokens of restores', async () => {
    const em = shop.orm.em.fork();
    await em.remove(await em.findOneOrFail(Slash, 'a/b')).flush();
    const post = (action: string, body: object) =>
      request(`${shop.base}/entities/${encodeURIComponent('x/y:z')}/a%2Fb`)
        .post(action)
        .set('x-access', JSON.stringify(EVERYTHING))
        .send(body);
    const plan = await post('/restore-plan', {});
    const done = await post('/restore', { token: plan.body.token });
    expect([plan.status, done.status]).toEqual([200, 200]);
    expect(await shop.orm.em.fork().count(Slash, { id: 'a/b' })).toBe(1);
    await shop.oracle.verify();
  });
});
