import { expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Folder = defineEntity({ name: 'Folder', properties: { id: p.integer().primary(), name: p.string() } });
const Label = defineEntity({
  name: 'Label',
  properties: {
    id: p.integer().primary(),
    name: p.string(),
    pages: () => p.manyToMany(Page).mappedBy('labels'),
  },
});
const Page = defineEntity({
  name: 'Page',
  properties: {
    id: p.integer().primary(),
    text: p.string(),
    folder: () => p.manyToOne(Folder).deleteRule('cascade').nullable(),
    labels: () => p.manyToMany(Label).inversedBy('pages'),
  },
});

const policies = [auditPolicy(Folder), auditPolicy(Label), auditPolicy(Page, { partOf: 'folder' })];
const audited = useAuditedApp({ entities: [Folder, Label, Page], options: { policies } });

/** Operations and entities of the story of a folder, oldest first. */
const story = async (id: number) =>
  (await audited.reader.changes({ partOf: { entity: Folder, id }, order: 'oldest' })).items.map(
    ({ operation, entityType }) => `${operation} ${entityType}`,
  );

async function twoFolders() {
  const em = audited.orm.em.fork();
  const [one, other] = [em.create(Folder, { name: 'a' }), em.create(Folder, { name: 'b' })];
  const page = em.create(Page, { text: 'x', folder: one });
  em.create(Label, { name: 'l' });
  await em.flush();
  return { one: one.id, other: other.id, page: page.id };
}

it('the story of a whole has the parts that the database deletes with it', async () => {
  const { one } = await twoFolders();
  const em = audited.orm.em.fork();
  em.remove(await em.findOneOrFail(Folder, one));
  await em.flush();
  expect((await story(one)).sort()).toEqual(['create Folder', 'create Page', 'delete Folder', 'delete Page']);
});

it('a part that moves is in the story of both wholes, and then only in that of the new one', async () => {
  const { one, other, page: id } = await twoFolders();
  const em = audited.orm.em.fork();
  const page = await em.findOneOrFail(Page, id);
  page.folder = em.getReference(Folder, other);
  await em.flush();
  page.text = 'y';
  await em.flush();
  expect(await story(one)).toEqual(['create Folder', 'create Page', 'update Page']);
  expect(await story(other)).toEqual(['create Folder', 'update Page', 'update Page']);
  const { items } = await audited.reader.history(Page, id);
  expect(items.map(({ partOfId, partOfIdBefore }) => [partOfId, partOfIdBefore])).toEqual([
    [`${other}`, null],
    [`${other}`, `${one}`],
    [`${one}`, null],
  ]);
  const revisions = await audited.reader.revisions({ partOf: { entity: Folder, id: one } });
  expect(revisions.items).toHaveLength(2);
});

it('several moves of one transaction are one, from the first whole to the last', async () => {
  const { one, other, page: id } = await twoFolders();
  /** Moves the page in one transaction, with a flush for each step. */
  const move = (...steps: readonly (number | null | 'remove')[]) =>
    audited.orm.em.fork().transactional(async (em) => {
      const page = await em.findOneOrFail(Page, id);
      for (const to of steps) {
        if (to === 'remove') {
          em.remove(page);
        } else {
          page.folder = to === null ? null : em.getReference(Folder, to);
          page.text += '.';
        }
        await em.flush();
      }
    });
  await move(null, other);
  expect(await story(one)).toEqual(['create Folder', 'create Page', 'update Page']);
  await move(one, other);
  const [newest] = (await audited.reader.history(Page, id)).items;
  expect(newest).toMatchObject({ partOfId: `${other}`, partOfIdBefore: null, after: { text: 'x....' } });
  await move(one, 'remove');
  expect((await story(other)).at(-1)).toBe('delete Page');
  expect(await story(one)).toHaveLength(3);
});

it('a detached part is shown as such in the story of its former whole', async () => {
  const { one, page: id } = await twoFolders();
  const em = audited.orm.em.fork();
  const page = await em.findOneOrFail(Page, id);
  page.folder = null;
  await em.flush();
  page.text = 'alone';
  await em.flush();
  expect(await story(one)).toEqual(['create Folder', 'create Page', 'update Page']);
});

it.each(['loaded', 'not loaded'])('links of a part that is %s are in the story of its whole', async (how) => {
  const { one, page: id } = await twoFolders();
  const em = audited.orm.em.fork();
  const label = await em.findOneOrFail(Label, { name: 'l' });
  label.pages.add(how === 'loaded' ? await em.findOneOrFail(Page, id) : em.getReference(Page, id));
  await em.flush();
  expect(await story(one)).toEqual(['create Folder', 'create Page', 'update Page']);
});

it('so is a part that was loaded without its whole', async () => {
  const { one, page: id } = await twoFolders();
  const em = audited.orm.em.fork();
  const page = await em.findOneOrFail(Page, id, { fields: ['text'] });
  page.text = 'y';
  audited.statements.take();
  await em.flush();
  expect(audited.statements.take()).toHaveLength(5);
  expect(await story(one)).toEqual(['create Folder', 'create Page', 'update Page']);
});
