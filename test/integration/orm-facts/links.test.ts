import { beforeAll, describe, expect, it } from '@jest/globals';
import { Collection, type EntityProperty } from '@mikro-orm/core';
import { Entity, ManyToMany, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { EntityManager } from '@mikro-orm/postgresql';
import { dirtyCollections, linksOf } from '../../../libs/audit/src/capture/orm/collection-facts.js';
import { metaOf } from '../../../libs/audit/src/capture/orm/entity-facts.js';
import { linkTableOf, owningSide, targetKey } from '../../../libs/audit/src/capture/orm/link-table.js';
import { RowReader } from '../../../libs/audit/src/capture/orm/row-reader.js';
import { only, useFactsOrm } from './facts-orm.js';

@Entity()
class Label {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToMany({ entity: () => Page, mappedBy: 'labels' })
  pages = new Collection<Page>(this);
}

@Entity()
class Page {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  /** Owners of several classes share the link table. */
  @ManyToMany({ entity: () => Label, pivotTable: 'labelings', discriminator: 'labeled', owner: true })
  labels = new Collection<Label>(this);

  /** The members are of several classes. */
  @ManyToMany({ entity: () => [Photo, Film], pivotTable: 'page_media', discriminator: 'media', owner: true })
  media = new Collection<Photo | Film>(this);

  /** Refers to rows of several classes. */
  @ManyToOne({ entity: () => [Photo, Film], nullable: true })
  cover?: Photo | Film | null;

  @ManyToMany({ entity: () => Place, pivotTable: 'page_places', fixedOrder: true })
  places = new Collection<Place>(this);
}

@Entity()
class Film {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToMany({ entity: () => Label, pivotTable: 'labelings', discriminator: 'labeled', owner: true })
  labels = new Collection<Label>(this);
}

@Entity()
class Photo {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string', nullable: true })
  url?: string | null;
}

@Entity()
class Place {
  @PrimaryKey({ type: 'integer' })
  x!: number;

  @PrimaryKey({ type: 'string' })
  y!: string;
}

const facts = useFactsOrm([Label, Page, Film, Photo, Place]);

let page: Page;
let film: Film;
let photo: Photo;

beforeAll(async () => {
  const em: EntityManager = facts.orm.em.fork();
  page = em.create(Page, {});
  film = em.create(Film, {});
  photo = em.create(Photo, {});
  const label = em.create(Label, {});
  page.labels.add(label);
  film.labels.add(label);
  page.media.add(film, photo);
  page.places.add(em.create(Place, { x: 2, y: 'b' }), em.create(Place, { x: 1, y: 'a' }));
  page.cover = film;
  await em.flush();
});

const propOf = (entity: object, name: string) => metaOf(entity).properties[name] as EntityProperty;

describe('link tables', () => {
  it('of one that owners of several classes share, a column says whose links they are', () => {
    expect(linkTableOf(propOf(page, 'labels'))).toEqual({
      ownerColumns: ['labeled_id'],
      targetColumns: ['label_id'],
      filter: { column: 'labeled_type', value: 'page' },
    });
    expect(linkTableOf(propOf(film, 'labels')).filter).toEqual({ column: 'labeled_type', value: 'film' });
  });

  it('of members of several classes, a column says which class a member is of', () => {
    const media = propOf(page, 'media');
    expect(linkTableOf(media)).toMatchObject({
      targetColumns: ['media_type', expect.any(String)],
      filter: null,
    });
    expect([targetKey(media, film), targetKey(media, photo)]).toEqual([
      ['film', film.id],
      ['photo', photo.id],
    ]);
  });

  it('the owning side has the columns, whichever side is asked', () => {
    const label = facts.orm.getMetadata().get(Label).properties.pages as EntityProperty;
    expect(owningSide(label)?.name).toBe('labels');
    expect(owningSide(propOf(page, 'media'))?.name).toBe('media');
  });

  it('are read by owners and by targets, links by the texts of their keys', async () => {
    const reader = new RowReader(facts.em, undefined);
    const media = await reader.links(propOf(page, 'media'), { owners: [[page.id]], targets: [] }, 'public');
    expect(new Set(media.map(({ targetId }) => targetId))).toEqual(
      new Set([JSON.stringify(['film', String(film.id)]), JSON.stringify(['photo', String(photo.id)])]),
    );
    const photos = { owners: [], targets: [['photo', photo.id]] };
    const byTarget = await reader.links(propOf(page, 'media'), photos, 'public');
    expect(byTarget).toHaveLength(1);
    const labels = await reader.links(propOf(film, 'labels'), { owners: [[film.id]], targets: [] }, 'public');
    expect(labels).toHaveLength(1);
  });

  it('with an order give the whole list of an owner, in its order', async () => {
    const reader = new RowReader(facts.em, undefined);
    const links = await reader.links(propOf(page, 'places'), { owners: [], targets: [[1, 'a']] }, 'public');
    expect(links.map(({ targetId }) => targetId)).toEqual(['["2","b"]', '["1","a"]']);
  });

  it('give the same links as the collections that are flushed', async () => {
    const loaded = await facts.em.findOneOrFail(Page, page.id, { populate: ['places', 'media'] });
    const stored = await new RowReader(facts.em, undefined).links(
      propOf(page, 'places'),
      { owners: [[page.id]], targets: [] },
      'public',
    );
    loaded.places.removeAll();
    const seen = await facts.seen(
      'onFlush',
      ({ uow, em }) => dirtyCollections(uow, em).map((one) => linksOf(one, one.snapshot ?? [])),
      () => facts.em.flush(),
    );
    expect(only(only(seen))).toEqual(stored);
  });

  it('of polymorphic relations have no foreign keys, nor have polymorphic references', async () => {
    const foreignKeys = await facts.em.execute<{ from: string; to: string }[]>(
      `select conrelid::regclass::text as from, confrelid::regclass::text as to
       from pg_constraint where contype = 'f' order by 1, 2`,
    );
    expect(foreignKeys.map(({ from, to }) => `${from} -> ${to}`)).toEqual([
      'page_places -> page',
      'page_places -> place',
    ]);
    const media = [propOf(page, 'labels'), propOf(page, 'media'), propOf(page, 'places')];
    expect(media.map(({ createForeignKeyConstraint: own }) => own !== false)).toEqual([false, false, true]);
  });
});
