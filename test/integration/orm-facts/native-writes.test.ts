import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type DeleteOptions,
  defineEntity,
  type EntityDictionary,
  type EntityName,
  type FilterQuery,
  type NativeInsertUpdateManyOptions,
  type NativeInsertUpdateOptions,
  p,
  type QueryResult,
  type UpsertManyOptions,
  type UpsertOptions,
} from '@mikro-orm/core';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { useFactsOrm } from './facts-orm.js';

const sent: unknown[] = [];
/** Methods of the driver, and whether their options have a logger context, and a logging context. */
const called: [string, boolean, boolean][] = [];

const note = (method: string, options: object = {}): void => {
  called.push([method, 'loggerContext' in options, 'logging' in options]);
};

/** Notes the conditions of deletes, and the options of all writes. */
class NotingDriver extends PostgreSqlDriver {
  override nativeDelete<T extends object>(
    entityName: EntityName<T>,
    where: FilterQuery<T>,
    options?: DeleteOptions<T>,
  ): Promise<QueryResult<T>> {
    // The query builder rewrites conditions.
    sent.push(structuredClone(where));
    note('nativeDelete', options);
    return super.nativeDelete(entityName, where, options);
  }

  override nativeInsert<T extends object>(
    entityName: EntityName<T>,
    data: EntityDictionary<T>,
    options?: NativeInsertUpdateOptions<T>,
  ): Promise<QueryResult<T>> {
    note('nativeInsert', options);
    return super.nativeInsert(entityName, data, options);
  }

  override nativeInsertMany<T extends object>(
    entityName: EntityName<T>,
    data: EntityDictionary<T>[],
    options?: NativeInsertUpdateManyOptions<T>,
    transform?: (sql: string) => string,
  ): Promise<QueryResult<T>> {
    note('nativeInsertMany', options);
    return super.nativeInsertMany(entityName, data, options, transform);
  }

  override nativeUpdate<T extends object>(
    entityName: EntityName<T>,
    where: FilterQuery<T>,
    data: EntityDictionary<T>,
    options?: NativeInsertUpdateOptions<T> & UpsertOptions<T>,
  ): Promise<QueryResult<T>> {
    note('nativeUpdate', options);
    return super.nativeUpdate(entityName, where, data, options);
  }

  override nativeUpdateMany<T extends object>(
    entityName: EntityName<T>,
    where: FilterQuery<T>[],
    data: EntityDictionary<T>[],
    options?: NativeInsertUpdateManyOptions<T> & UpsertManyOptions<T>,
    transform?: (sql: string, params: unknown[]) => string,
  ): Promise<QueryResult<T>> {
    note('nativeUpdateMany', options);
    return super.nativeUpdateMany(entityName, where, data, options, transform);
  }
}

const Crew = defineEntity({
  name: 'Crew',
  properties: {
    id: p.integer().primary(),
    name: p.text().nullable(),
    boats: () => p.manyToMany(Boat).owner(),
  },
});
const Boat = defineEntity({
  name: 'Boat',
  properties: {
    country: p.text().primary(),
    number: p.integer().primary(),
    crews: () => p.manyToMany(Crew).mappedBy('boats'),
  },
});

const facts = useFactsOrm([Crew, Boat], { orm: { driver: NotingDriver } });

beforeEach(async () => {
  const { em } = facts;
  await em.nativeDelete(Crew, {});
  await em.nativeDelete(Boat, {});
  const boats = [1, 2].map((number) => em.create(Boat, { country: 'de', number }));
  em.create(Crew, { id: 1, boats });
  em.create(Crew, { id: 2 });
  await em.flush();
  em.clear();
  sent.length = 0;
  called.length = 0;
});

describe('the deletes of a flush', () => {
  it('name rows by the list of their keys, as their change sets have them', async () => {
    const { em } = facts;
    em.remove(await em.find(Crew, {}, { orderBy: { id: 'asc' } }));
    em.remove(await em.find(Boat, {}, { orderBy: { number: 'asc' } }));
    const keys = await facts.seen(
      'onFlush',
      ({ uow }) => uow.getChangeSets().map((changeSet) => changeSet.getPrimaryKey()),
      () => em.flush(),
    );
    expect(keys).toEqual([[1, 2, { country: 'de', number: 1 }, { country: 'de', number: 2 }]]);
    expect(sent).toEqual([
      { id: { $in: keys[0]?.slice(0, 2) } },
      { 'country~~~number': { $in: keys[0]?.slice(2) } },
    ]);
  });
});

describe('the methods of the driver that write', () => {
  const facesOf = (): readonly (readonly boolean[])[] => called.map(([, ...face]) => face);

  it('are called by a flush with a logger context, and without one for logging', async () => {
    const { em } = facts;
    const crew = await em.findOneOrFail(Crew, 1, { populate: ['boats'] });
    const other = await em.findOneOrFail(Crew, 2, { populate: ['boats'] });
    em.create(Crew, { id: 3 });
    em.assign(crew, { name: 'a', boats: [] });
    await em.flush();
    em.assign(crew, { name: 'b' });
    em.assign(other, { name: 'b', boats: [em.getReference(Boat, ['de', 1])] });
    await em.flush();
    em.remove([crew, other]);
    await em.flush();
    const methods = called.map(([method]) => method);
    expect(new Set(methods)).toEqual(
      new Set(['nativeInsertMany', 'nativeUpdate', 'nativeUpdateMany', 'nativeDelete']),
    );
    expect(facesOf()).toEqual(methods.map(() => [true, false]));
  });

  it('are called by EntityManager with both', async () => {
    const { em } = facts;
    await em.insert(Crew, { id: 3 });
    await em.insert(em.create(Crew, { id: 4 }, { persist: false }));
    await em.insertMany(Crew, [{ id: 5 }, { id: 6 }]);
    await em.upsert(Crew, { id: 3, name: 'a' });
    await em.upsertMany(Crew, [
      { id: 3, name: 'b' },
      { id: 4, name: 'b' },
    ]);
    await em.nativeUpdate(Crew, { id: 3 }, { name: 'c' });
    await em.nativeDelete(Crew, { id: 3 });
    expect(called).toHaveLength(7);
    expect(facesOf()).toEqual(called.map(() => [true, true]));
  });
});
