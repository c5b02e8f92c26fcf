import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type DeleteOptions,
  defineEntity,
  type EntityName,
  type FilterQuery,
  p,
  type QueryResult,
} from '@mikro-orm/core';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { AuditPostgreSqlDriver } from 'nestjs-mikro-audit';
import { useFactsOrm } from './facts-orm.js';

const sent: unknown[] = [];

/** Notes the conditions of deletes. */
class NotingDriver extends PostgreSqlDriver {
  override nativeDelete<T extends object>(
    entityName: EntityName<T>,
    where: FilterQuery<T>,
    options?: DeleteOptions<T>,
  ): Promise<QueryResult<T>> {
    // The query builder rewrites conditions.
    sent.push(structuredClone(where));
    return super.nativeDelete(entityName, where, options);
  }
}

const Crew = defineEntity({
  name: 'Crew',
  properties: { id: p.integer().primary(), boats: () => p.manyToMany(Boat).owner() },
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

  it('name links by their columns, each, or all of one end where the collection is not loaded', async () => {
    const { em } = facts;
    const crew = await em.findOneOrFail(Crew, 1, { populate: ['boats'] });
    crew.boats.remove(crew.boats.getItems().slice(0, 1));
    await em.flush();
    const boat = await em.fork().findOneOrFail(Boat, ['de', 2]);
    expect(sent).toEqual([{ $or: [{ boat_country: 'de', boat_number: 1, crew_id: 1 }] }]);
    sent.length = 0;
    const other = em.fork();
    (await other.findOneOrFail(Boat, [boat.country, boat.number])).crews.removeAll();
    await other.flush();
    expect(sent).toEqual([{ $or: [{ boat_country: 'de', boat_number: 2 }] }]);
  });
});

describe('a native query', () => {
  it('answers a delete with the rows that it has found', async () => {
    const driver = facts.orm.em.getDriver();
    const { sql, params } = driver
      .createQueryBuilder(Boat)
      .delete({ country: 'de' })
      .getNativeQuery()
      .returning(['number'])
      .compile();
    const result = await driver.getConnection().execute(sql, [...params], 'run');
    expect(result).toMatchObject({ affectedRows: 2, rows: [{ number: 1 }, { number: 2 }] });
  });
});

describe('the driver of this library', () => {
  const audited = useFactsOrm([Crew, Boat], { orm: { driver: AuditPostgreSqlDriver } });

  it('sends the deletes of a flush to where MikroORM does, and answers as MikroORM does', async () => {
    const { em } = audited;
    const boats = [1, 2].map((number) => em.create(Boat, { country: 'de', number }));
    em.create(Crew, { id: 1, boats });
    await em.flush();
    audited.statements.take();
    em.remove(boats);
    await em.flush();
    const deletes = audited.statements.take().filter((sql) => sql.startsWith('delete'));
    expect(deletes).toEqual([
      `delete from "boat" where ("country", "number") in (('de', 1), ('de', 2)) returning "country", "number"`,
    ]);
    const result = await em.transactional((own) => own.nativeDelete(Crew, { id: { $in: [1, 2, 3] } }));
    expect(result).toBe(1);
  });
});
