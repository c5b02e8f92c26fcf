import { expect, it } from '@jest/globals';
import {
  Box,
  companyEntities,
  Item,
  Person,
  Playlist,
  Shelf,
  Skill,
  Song,
} from '../../support/fixtures/company.js';
import { companyOracle } from '../../support/fixtures/company.oracle.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { withTriggers } from '../../support/with-triggers.js';

const audited = useAuditedApp({
  entities: companyEntities,
  oracle: companyOracle,
  orm: withTriggers(),
  verify: { folded: true },
});

/** Of the newest changes of a type, the oldest first. */
async function newest(
  entityType: string,
): Promise<readonly { operation: string; before: object; after: object }[]> {
  return audited.orm.em
    .fork()
    .execute(`select operation, before, after from audit_change where entity_type = ? order by id`, [
      entityType,
    ]);
}

it('the last state of an entity that is deleted natively has its links, in their order where that is data', async () => {
  const { em } = audited;
  const songs = ['a', 'b'].map((title) => em.create(Song, { title }));
  const list = em.create(Playlist, {});
  list.songs.add(songs.toReversed());
  em.create(Person, { name: 'p', skills: [em.create(Skill, { name: 's' })] });
  await em.flush();
  await em.nativeDelete(Playlist, list.id);
  await em.nativeDelete(Person, { name: 'p' });
  const [lists, people] = [await newest('Playlist'), await newest('Person')];
  const ids = list.songs.getIdentifiers().map(String);
  expect(lists.at(-1)).toMatchObject({ operation: 'delete', before: { songs: { $list: ids } } });
  expect(people.at(-1)).toMatchObject({ operation: 'delete', before: { skills: { $links: ['1'] } } });
  expect([lists.length, people.length]).toEqual([2, 2]);
});

it('rows that the database deletes with those of a flush, by rules that MikroORM knows, are recorded by the flush alone', async () => {
  const { em } = audited;
  const shelf = em.create(Shelf, { name: 'a' });
  const box = em.create(Box, { shelf, needs: [em.create(Skill, { name: 's' })] });
  em.create(Item, { name: 'i', box });
  await em.flush();
  const other = audited.orm.em.fork();
  other.remove(await other.findOneOrFail(Shelf, shelf.id));
  await other.flush();
  const operations = await Promise.all(['Shelf', 'Box', 'Item'].map(newest));
  expect(operations.map((some) => some.map(({ operation }) => operation))).toEqual([
    ['create', 'delete'],
    ['create', 'delete'],
    ['create', 'delete'],
  ]);
});

it('the same rows are recorded by triggers where a native statement sets the rules off', async () => {
  const { em } = audited;
  const shelf = em.create(Shelf, { name: 'a' });
  em.create(Item, { name: 'i', box: em.create(Box, { shelf }) });
  await em.flush();
  await em.nativeDelete(Shelf, shelf.id);
  const operations = await Promise.all(['Shelf', 'Box', 'Item'].map(newest));
  expect(operations.map((some) => some.map(({ operation }) => operation))).toEqual([
    ['create', 'delete'],
    ['create', 'delete'],
    ['create', 'delete'],
  ]);
});
