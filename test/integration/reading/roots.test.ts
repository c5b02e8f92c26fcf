import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';

const Folder = defineEntity({ name: 'Folder', properties: { id: p.integer().primary(), name: p.string() } });
const Page = defineEntity({
  name: 'Page',
  properties: {
    id: p.integer().primary(),
    text: p.string(),
    folder: () => p.manyToOne(Folder).deleteRule('cascade'),
  },
});

let audited: AuditedApp;

beforeAll(async () => {
  const policies = [auditPolicy(Folder), auditPolicy(Page, { partOf: 'folder' })];
  audited = await createAuditedApp({ entities: [Folder, Page], options: { policies } });
});
afterAll(() => audited.close());

it('the story of a root has the parts that the database deletes with it', async () => {
  const em = audited.orm.em.fork();
  const folder = em.create(Folder, { name: 'a' });
  em.create(Page, { text: 'x', folder });
  await em.flush();
  const other = audited.orm.em.fork();
  other.remove(await other.findOneOrFail(Folder, folder.id));
  await other.flush();
  const { items } = await audited.reader.changes({ root: { entity: Folder, id: folder.id } });
  expect(items.map(({ operation, entityType }) => `${operation} ${entityType}`).sort()).toEqual([
    'create Folder',
    'create Page',
    'delete Folder',
    'delete Page',
  ]);
  await audited.oracle.verify();
});
