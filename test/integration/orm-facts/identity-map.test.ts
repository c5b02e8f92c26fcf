import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { keyOf, metaOf } from '../../../libs/audit/src/capture/orm/entity-facts.js';
import {
  entitiesLike,
  entityByKey,
  entityOfId,
  entityOfRow,
  isManaged,
  isTwin,
} from '../../../libs/audit/src/capture/orm/identity-map.js';
import { RowKey } from '../../../libs/audit/src/capture/orm/row-key.js';
import { useFactsOrm } from './facts-orm.js';

const Plot = defineEntity({
  name: 'Plot',
  properties: { row: p.integer().primary(), column: p.text().primary(), owner: p.text().nullable() },
});
const Fence = defineEntity({
  name: 'Fence',
  properties: {
    plot: () => p.manyToOne(Plot).primary(),
    side: p.text().primary(),
  },
});
const Event = defineEntity({
  name: 'Event',
  properties: { id: p.bigint().primary(), title: p.text(), code: p.text().unique().nullable() },
});

@Entity({ discriminatorColumn: 'kind' })
abstract class Animal {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  kind!: string;
}

@Entity({ discriminatorValue: 'cat' })
class Cat extends Animal {}

@Entity({ discriminatorValue: 'dog' })
class Dog extends Animal {}

const facts = useFactsOrm([Plot, Fence, Event, Animal, Cat, Dog]);

const unitOfWork = () => facts.em.getUnitOfWork(false);

describe('the identity map', () => {
  it('finds an entity by its row key, its key in database form, and the id of the trail', async () => {
    const plot = facts.em.create(Plot, { row: 1, column: 'a' });
    const fence = facts.em.create(Fence, { plot, side: 'north' });
    await facts.em.flush();
    for (const [entity, key, id] of [
      [plot, [1, 'a'], '["1","a"]'],
      [fence, [1, 'a', 'north'], '["1","a","north"]'],
    ] as const) {
      const row = RowKey.ofValues(metaOf(entity), keyOf(entity), {
        schema: 'public',
        table: metaOf(entity).class,
      });
      expect(entityOfRow(unitOfWork(), row)).toBe(entity);
      expect(entityByKey(unitOfWork(), metaOf(entity), key, 'public')).toBe(entity);
      expect(entityOfId(unitOfWork(), metaOf(entity), id, 'public')).toBe(entity);
    }
  });

  it('takes texts for numbers and big numbers, as rows and links have them', async () => {
    const event = facts.em.create(Event, { id: 5n, title: 'one' });
    await facts.em.flush();
    const meta = metaOf(event);
    expect(['5', 5, 5n].map((key) => entityByKey(unitOfWork(), meta, key, 'public') === event)).toEqual([
      true,
      true,
      true,
    ]);
    expect(entityOfId(unitOfWork(), meta, '6', 'public')).toBeUndefined();
  });

  it('finds an entity of a subclass by any class of its table, and entities like it are those of the table', async () => {
    const [cat, dog] = [facts.em.create(Cat, { kind: 'cat' }), facts.em.create(Dog, { kind: 'dog' })];
    await facts.em.flush();
    const animal = facts.orm.getMetadata().getByClassName('Animal');
    expect(entityByKey(unitOfWork(), animal, cat.id, undefined)).toBe(cat);
    expect(entityByKey(unitOfWork(), metaOf(dog), cat.id, 'public')).toBe(cat);
    expect([...entitiesLike(unitOfWork(), cat)]).toEqual([cat, dog]);
  });

  it('has an entity by an alternate key a second time, and entities like it have it once', async () => {
    const event = facts.em.create(Event, { id: 8n, title: 'one', code: 'e' });
    await facts.em.flush();
    unitOfWork().getIdentityMap().storeByKey(event, 'code', 'e');
    expect([...unitOfWork().getIdentityMap()].filter((one) => one === event)).toHaveLength(2);
    expect([...entitiesLike(unitOfWork(), event)]).toEqual([event]);
  });

  it('has one entity per row, and a removed or a new one not', async () => {
    const event = facts.em.create(Event, { id: 6n, title: 'one' });
    const other = facts.em.create(Event, { id: 7n, title: 'two' }, { persist: false });
    await facts.em.flush();
    expect([isManaged(unitOfWork(), event), isTwin(unitOfWork(), event)]).toEqual([true, false]);
    expect([isManaged(unitOfWork(), other), isTwin(unitOfWork(), other)]).toEqual([false, false]);
    facts.em.remove(event);
    await facts.em.flush();
    expect([isManaged(unitOfWork(), event), isTwin(unitOfWork(), event)]).toEqual([false, false]);
  });

  it('replaces a reference when a detached entity is merged for its row, and both are flushed', async () => {
    const own = facts.orm.em.fork();
    own.create(Event, { id: 9n, title: 'one' });
    await own.flush();
    const reference = facts.em.getReference(Event, 9n);
    const detached = await facts.orm.em.fork().findOneOrFail(Event, 9n);
    facts.em.merge(detached);
    expect([isManaged(unitOfWork(), detached), isManaged(unitOfWork(), reference)]).toEqual([true, false]);
    expect([isTwin(unitOfWork(), detached), isTwin(unitOfWork(), reference)]).toEqual([false, true]);
    reference.title = 'two';
    detached.title = 'three';
    facts.em.persist(reference);
    const seen = await facts.seen(
      'onFlush',
      ({ uow }) => new Set(uow.getChangeSets().map(({ entity }) => entity)),
      () => facts.em.flush(),
    );
    expect(seen).toEqual([new Set([reference, detached])]);
  });

  it('keeps an entity that is loaded when another one is merged for its row', async () => {
    const event = facts.em.create(Event, { id: 10n, title: 'one' });
    await facts.em.flush();
    const detached = await facts.orm.em.fork().findOneOrFail(Event, 10n);
    expect(facts.em.merge(detached)).toBe(event);
    expect(isTwin(unitOfWork(), detached)).toBe(true);
  });

  it('has an entity no more after a clear, although a graph brings it back into a flush', async () => {
    const event = facts.em.create(Event, { id: 11n, title: 'one' });
    await facts.em.flush();
    facts.em.clear();
    event.title = 'two';
    facts.em.persist(event);
    const seen = await facts.seen(
      'onFlush',
      ({ uow }) =>
        (uow.getChangeSets() as { readonly entity: object }[]).map(({ entity }) => [
          entity === event,
          isManaged(uow, entity),
          isTwin(uow, entity),
        ]),
      () => facts.em.flush(),
    );
    expect(seen).toEqual([[[true, false, false]]]);
  });

  it('keeps an entity under the key that it had when it was loaded until its change is stored', async () => {
    const plot = facts.em.create(Plot, { row: 2, column: 'a' });
    await facts.em.flush();
    plot.column = 'b';
    const meta = metaOf(plot);
    const found = () => [
      entityByKey(unitOfWork(), meta, [2, 'a'], 'public'),
      entityByKey(unitOfWork(), meta, [2, 'b'], 'public'),
    ];
    expect(found()).toEqual([plot, undefined]);
  });
});
