import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditBaseline } from 'nestjs-mikro-audit';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { Client } from '../../support/fixtures/law-firm.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

describe.each(ADAPTERS)('a baseline on %s', (adapter) => {
  let firm: LawFirmApp;
  beforeAll(async () => {
    firm = await createLawFirmApp(adapter);
    const created = firm.orm.em.fork();
    created.create(Client, { id: 1, tenant: 'a', name: 'Old & Sons' });
    await created.flush();
    await firm.oracle.forget();
    await firm.app.get(AuditBaseline).run({ reason: 'We begin.' });
    const em = firm.orm.em.fork();
    em.create(Client, { id: 2, tenant: 'a', name: 'New' });
    await em.flush();
  });
  afterAll(() => firm?.close());

  it('is told apart from a creation in histories and searches', async () => {
    const { body } = await firm.get('/entities/client/1/history');
    expect(body.items).toMatchObject([
      {
        operation: 'baseline',
        fields: expect.arrayContaining([{ path: 'name', after: 'Old & Sons' }]),
        revision: {
          action: 'audit.baseline',
          reason: 'We begin.',
          actor: { type: 'system', id: 'audit-baseline' },
        },
      },
    ]);
    const ids = async (operation: string) =>
      (await firm.get(`/changes?operation=${operation}`)).body.items.map(
        ({ entityId }: { readonly entityId: string }) => entityId,
      );
    expect([await ids('baseline'), await ids('create')]).toEqual([['1'], ['2']]);
  });

  it('is told apart in blame, and hidden as everything else', async () => {
    const blame = async (id: number, access = EVERYTHING) =>
      (await firm.get(`/entities/client/${id}/blame`, access)).body.properties.find(
        ({ path }: { readonly path: string }) => path === 'name',
      );
    expect(await blame(1)).toMatchObject({ operation: 'baseline', value: 'Old & Sons' });
    expect(await blame(2)).toMatchObject({ operation: 'create', value: 'New' });
    const blind: AuditAccess = { ...EVERYTHING, entities: { client: { within: 'all', hidden: ['name'] } } };
    expect(await blame(1, blind)).toMatchObject({ value: { $hidden: true } });
  });
});
