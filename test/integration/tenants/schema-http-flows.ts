import { describe, expect, it } from '@jest/globals';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import { Country, Customer, Line } from '../../support/fixtures/agency.js';
import { EVERYTHING } from '../http/law-firm-app.js';
import type { useAgencies } from './use-agencies.js';

const now = () => new Date(Date.now() + 1_000);

export function registerHttpFlows({
  app,
  at,
  tell,
}: Pick<ReturnType<typeof useAgencies>, 'app' | 'at' | 'tell'>): void {
  describe('over HTTP', () => {
    const get = (path: string, access: AuditAccess = EVERYTHING) =>
      request(app.app.getHttpServer()).get(`/audit${path}`).set('x-access', JSON.stringify(access));
    const acme: AuditAccess = { ...EVERYTHING, entities: { '*': { within: { schema: ['acme'] } } } };
    const typesOf = ({ body }: { readonly body: { readonly items: readonly { entityType: string }[] } }) =>
      [...new Set(body.items.map(({ entityType }) => entityType))].sort();

    it('an entity is named with its schema, and none is guessed', async () => {
      await tell();
      expect(typesOf(await get('/changes?entity=Customer'))).toEqual(['Customer@acme', 'Customer@zeta']);
      expect(typesOf(await get('/changes?entity=Customer@acme&id=1'))).toEqual(['Customer@acme']);
      expect(typesOf(await get('/changes?entity=Customer&schema=zeta'))).toEqual(['Customer@zeta']);
      expect(typesOf(await get('/entities/Customer@zeta/1/history-with-parts'))).toEqual([
        'Bill@zeta',
        'Customer@zeta',
      ]);
      const { body } = await get(`/entities/Bill@acme/1/state?at=${now().toISOString()}&populate=customer`);
      expect(body.state).toMatchObject({ customer: { name: 'renamed' } });
      expect(typesOf(await get('/entities/Customer@zeta/latest?id=1'))).toEqual(['Customer@zeta']);
      const states = await get(`/entities/Customer@acme/states?at=${now().toISOString()}&id=1&id=2`);
      expect(states.body.items).toMatchObject([{ name: 'renamed' }, null]);
      expect(typesOf(await get('/counts?by=entityType&entity=Customer&schema=zeta'))).toEqual([
        'Customer@zeta',
      ]);
      for (const path of [
        '/entities/Customer/1/history',
        '/entities/Customer/1/history?property=name',
        '/entities/Customer/latest?id=1',
        `/entities/Customer/states?at=${now().toISOString()}&id=1`,
        '/changes?entity=Customer&id=1',
        '/changes?partOf=Customer:1',
        '/changes?entity=Customer@acme&schema=zeta',
        '/changes?entity=Customer@acme&entity=Tag@zeta',
      ]) {
        expect([path, (await get(path)).status]).toEqual([path, 400]);
      }
    });

    it('a reader of one schema sees nothing of another, and of nothing else', async () => {
      await tell();
      await at('acme', (em) => em.create(Country, { code: 'de', name: 'Germany' }));
      const [gone] = (await app.reader.changes({ entity: Customer, schema: 'zeta', limit: 1 })).items;
      const foreign = gone?.revision.id;
      for (const path of [
        '/changes?limit=500',
        '/revisions?limit=500',
        '/changes?text=zeta',
        '/changes?entity=Customer',
        '/export?format=csv',
        '/activity?from=2000-01-01T00:00:00Z',
        '/counts?by=entity',
        '/entities/Customer@zeta/latest?id=1',
        '/entities/Customer@zeta/states?at=2999-01-01T00:00:00Z&id=1',
        '/entities/Customer@zeta/1/history',
        '/entities/Customer@zeta/1/history-with-parts',
        '/entities/Customer@zeta/1/blame',
        '/changes?partOf=Customer@zeta:1',
        `/revisions/${foreign}`,
        `/entities/Customer@zeta/1/state?at=2999-01-01T00:00:00Z`,
      ]) {
        const { text } = await get(path, acme);
        expect([path, /zeta"|of zeta|Germany/.test(text)]).toEqual([path, false]);
      }
      expect(typesOf(await get('/changes?limit=500', acme))).toEqual([
        'Bill@acme',
        'Customer@acme',
        'Line@acme',
        'Rate@acme',
        'Tag@acme',
      ]);
    });

    it('hides properties in every schema, also from a search for text', async () => {
      await tell();
      const blind: AuditAccess = {
        ...EVERYTHING,
        entities: { Customer: { within: 'all', hidden: ['name'] } },
      };
      const { text } = await get('/changes?entity=Customer', blind);
      expect([/of acme|renamed/.test(text), /"name"/.test(text)]).toEqual([false, true]);
      expect(typesOf(await get('/changes?text=renamed', blind))).toEqual([]);
      expect(typesOf(await get('/changes?text=renamed'))).toEqual(['Customer@acme']);
      const misnamed: AuditAccess = { ...EVERYTHING, entities: { 'Customer@acme': { within: 'all' } } };
      expect((await get('/changes', misnamed)).status).toBe(500);
    });

    it('a reader of one schema restores nothing of another', async () => {
      await tell();
      const post = (path: string, access: AuditAccess, body: object = {}) =>
        request(app.app.getHttpServer())
          .post(`/audit${path}`)
          .set('x-access', JSON.stringify(access))
          .send(body);
      const plan = await post('/entities/Line@acme/["1","2"]/restore-plan', acme);
      expect([plan.status, plan.body.blocked]).toEqual([200, false]);
      expect((await post('/entities/Customer@zeta/1/restore-plan', acme)).status).toBe(404);
      const { token } = plan.body;
      expect((await post('/entities/Line@zeta/["1","2"]/restore', acme, { token })).status).toBe(400);
      const done = await post('/entities/Line@acme/["1","2"]/restore', acme, { token });
      expect(done.status).toBe(200);
      await at('acme', async (em) => expect(await em.count(Line)).toBe(2));
    });
  });
}
