import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Collection } from '@mikro-orm/core';
import { Entity, ManyToMany, PrimaryKey } from '@mikro-orm/decorators/legacy';
import { MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { dirtyCollections } from '../../../libs/audit/src/capture/orm/collection-facts.js';
import { metaOf } from '../../../libs/audit/src/capture/orm/entity-facts.js';
import { only, useFactsOrm } from './facts-orm.js';

@Entity()
class Song {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToMany({ entity: () => Song, pivotTable: 'song_covers' })
  covers = new Collection<Song>(this);
}

const facts = useFactsOrm([Song]);
let other: MikroORM;

beforeAll(async () => {
  other = await MikroORM.init({
    driver: PostgreSqlDriver,
    clientUrl: facts.orm.config.get('clientUrl') ?? '',
    entities: [Song],
    contextName: 'other',
  });
});
afterAll(() => other.close(true));

describe('a class of two MikroORM instances', () => {
  it('has the metadata of the latest one, also in entities of the earlier one', async () => {
    const song = facts.em.create(Song, {});
    await facts.em.flush();
    expect(metaOf(song)).toBe(other.getMetadata().get(Song));
    expect(metaOf(song)).not.toBe(facts.orm.getMetadata().get(Song));
    expect(metaOf(song).class).toBe(facts.orm.getMetadata().get(Song).class);
  });

  it('has change sets with the metadata of either, of the same class', async () => {
    facts.em.create(Song, {});
    const seen = await facts.seen(
      'onFlush',
      ({ uow }) => uow.getChangeSets().map(({ meta }) => meta.class),
      () => facts.em.flush(),
    );
    expect(seen).toEqual([[Song]]);
  });

  it('has collections whose properties are looked up in the instance that flushes', async () => {
    const song = facts.em.create(Song, {});
    await facts.em.flush();
    song.covers.add(facts.em.create(Song, {}));
    const seen = await facts.seen(
      'onFlush',
      ({ uow, em }) => dirtyCollections(uow, em),
      () => facts.em.flush(),
    );
    const own = facts.orm.getMetadata().get(Song).properties.covers;
    expect(only(only(seen)).prop).toBe(own);
  });
});
