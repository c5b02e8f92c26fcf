import { beforeEach, describe, expect, it } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited, AuditPostgreSqlDriver } from 'nestjs-mikro-audit';
import { trailOf } from '../../support/trail.js';
import { untilBlocked } from '../../support/until-blocked.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

@Audited()
@Entity({ tableName: 'parcel' })
class Parcel {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text' })
  state!: string;
}

/** MikroORM checks several of them with a query, and then takes their update for done, whatever it hits. */
@Audited()
@Entity({ tableName: 'seat' })
class Seat {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text', concurrencyCheck: true })
  holder!: string;
}

describe('an update that the driver of this library sees finding no row', () => {
  const audited = useAuditedApp({ entities: [Parcel, Seat], orm: { driver: AuditPostgreSqlDriver } });
  const fork = () => audited.orm.em.fork();
  const sql = (text: string) => fork().execute(text);
  const trail = async () => (await trailOf(audited)).slice(6);

  beforeEach(async () => {
    const em = fork();
    for (const id of [1, 2, 3]) {
      em.create(Parcel, { id, state: 'new' });
      em.create(Seat, { id, holder: 'nobody' });
    }
    await em.flush();
  });

  /** Loads them, lets somebody else do something, and updates them with one flush. */
  const updateAfter = async (ids: readonly number[], work: () => Promise<unknown>) => {
    const em = fork();
    const parcels = await em.find(Parcel, ids as number[], { orderBy: { id: 'asc' } });
    await work();
    for (const parcel of parcels) {
      parcel.state = 'sent';
    }
    await em.flush();
    return { em, parcels };
  };
  const second = [['Parcel', '2', 'update']];

  it.each([
    ['another transaction has given the row a new key', 'update parcel set id = 9 where id = 1'],
    ['something unaudited has deleted it', 'delete from parcel where id = 1'],
  ])('leaves no change when %s', async (_, text) => {
    // The statement goes past the library, so the oracle cannot but object.
    audited.skipOracle();
    await updateAfter([1], () => sql(text));
    expect(await trail()).toEqual([]);
    await sql(`insert into parcel values (1, 'new') on conflict do nothing`);
    await updateAfter([1, 2], () => sql(text.replace('9', '8')));
    expect(await trail()).toEqual(second);
  });

  it('leaves no change when a trigger has skipped it, and does not believe the entity any more', async () => {
    await sql(`create function skip() returns trigger language plpgsql as
      $$ begin if old.id = 1 and new.state = 'sent' then return null; end if; return new; end $$;
      create trigger skip before update on parcel for each row execute function skip()`);
    try {
      const { em, parcels } = await updateAfter([1, 2], async () => {});
      expect(await trail()).toEqual(second);
      for (const parcel of parcels) {
        parcel.state = 'lost';
      }
      await em.flush();
      const { items } = await audited.reader.history(Parcel, 1);
      expect(items[0]).toMatchObject({ before: { state: 'new' }, after: { state: 'lost' } });
    } finally {
      await sql('drop function skip() cascade');
    }
  });

  it('leaves no change when the values that it checks have changed after MikroORM has looked', async () => {
    const em = fork();
    const seats = await em.find(Seat, [1, 2]);
    for (const seat of seats) {
      seat.holder = 'ours';
    }
    const other = fork();
    await other.begin();
    (await other.findOneOrFail(Seat, 1)).holder = 'theirs';
    await other.flush();
    const flushed = em.flush();
    await untilBlocked(audited.url);
    await other.commit();
    await flushed;
    expect(await trail()).toEqual([
      ['Seat', '1', 'update'],
      ['Seat', '2', 'update'],
    ]);
    const { items } = await audited.reader.history(Seat, 1);
    expect(items[0]).toMatchObject({ after: { holder: 'theirs' } });
  });
});
