import { describe, expect, it } from '@jest/globals';
import { Collection } from '@mikro-orm/core';
import { Entity, ManyToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited, AuditPostgreSqlDriver } from 'nestjs-mikro-audit';
import { SHOP_HASH_KEY, shop, shopOracle, Tag } from '../../support/fixtures/shop.js';
import { isAuditWrite } from '../../support/statement-log.js';
import { trailOf } from '../../support/trail.js';
import { untilBlocked } from '../../support/until-blocked.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

/** Nothing depends on it, so what is known of it is believed. */
@Audited()
@Entity()
class Note {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text' })
  text!: string;
}

@Audited()
@Entity()
class Mark {
  @PrimaryKey({ type: 'integer' })
  id!: number;
}

@Audited()
@Entity()
class Sheet {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToMany({ entity: () => Mark })
  marks = new Collection<Mark>(this);
}

describe('with the driver of this library, a delete', () => {
  const audited = useAuditedApp({ entities: [Note], orm: { driver: AuditPostgreSqlDriver } });
  const fork = () => audited.orm.em.fork();

  it.each([1, 3])(
    'leaves no change of a row that another transaction has replaced meanwhile (one of %i)',
    async (count) => {
      const first = fork();
      const ids = Array.from({ length: count }, (_, i) => i + 1);
      ids.map((id) => first.create(Note, { id, text: 'a' }));
      await first.flush();
      const em = fork();
      em.remove(await em.find(Note, {}));
      let late: Promise<void> | undefined;
      await fork().transactional(async (other) => {
        other.remove(await other.findOneOrFail(Note, 1));
        await other.flush();
        late = em.flush();
        await untilBlocked(audited.url);
        other.create(Note, { id: 1, text: 'again' });
        await other.flush();
      });
      await late;
      const [, ...others] = ids;
      expect((await trailOf(audited)).slice(count)).toEqual([
        ['Note', '1', 'delete'],
        ['Note', '1', 'create'],
        ...others.map((id) => ['Note', String(id), 'delete']),
      ]);
    },
  );

  it('is recorded where something unaudited was faster, because the trail would have the row for ever', async () => {
    const em = fork();
    const notes = [1, 2].map((id) => em.create(Note, { id, text: 'a' }));
    await em.flush();
    audited.skipOracle();
    await audited.orm.em.execute('delete from note where id = 1');
    em.remove(notes);
    await em.flush();
    expect((await trailOf(audited)).slice(2)).toEqual([
      ['Note', '1', 'delete'],
      ['Note', '2', 'delete'],
    ]);
  });

  it('leaves no change of a row that a trigger keeps', async () => {
    const em = fork();
    const notes = [1, 2].map((id) => em.create(Note, { id, text: 'a' }));
    await em.flush();
    await audited.orm.em.execute(`
      create function keep() returns trigger language plpgsql as 'begin return null; end';
      create trigger keep before delete on note for each row when (old.id = 1) execute function keep();`);
    em.remove(notes);
    await em.flush();
    await audited.orm.em.execute('drop function keep() cascade');
    expect((await trailOf(audited)).slice(2)).toEqual([['Note', '2', 'delete']]);
  });
});

describe('with the driver of this library', () => {
  const audited = useAuditedApp({
    entities: shop,
    options: { hashKey: SHOP_HASH_KEY },
    oracle: shopOracle,
    orm: { driver: AuditPostgreSqlDriver },
  });

  it('updates and deletes of rows that were there are written without a look at the trail', async () => {
    const em = audited.orm.em.fork();
    const tags = ['a', 'b'].map((name) => em.create(Tag, { name }));
    await em.flush();
    audited.statements.take();
    (tags[0] as Tag).name = 'c';
    await em.flush();
    em.remove(tags);
    await em.flush();
    const written = audited.statements.take().filter(isAuditWrite);
    expect(written).toHaveLength(2);
    for (const sql of written) {
      expect(sql).not.toContain("operation = 'delete'");
    }
  });
});

describe('a delete that hits nothing leaves links alone', () => {
  const audited = useAuditedApp({ entities: [Mark, Sheet], orm: { driver: AuditPostgreSqlDriver } });
  const fork = (options: object = {}) => audited.orm.em.fork(options);
  const sql = (text: string) => audited.orm.em.execute(text);

  async function write(): Promise<void> {
    const em = fork();
    const mark = em.create(Mark, { id: 1 });
    for (const id of [1, 2]) {
      em.create(Sheet, { id, marks: [mark] });
    }
    await em.flush();
  }

  it('of a row that a trigger keeps', async () => {
    await write();
    await sql(`
      create function spare() returns trigger language plpgsql as 'begin return null; end';
      create trigger spare before delete on sheet for each row when (old.id = 1) execute function spare();`);
    const em = fork();
    em.remove(await em.findAll(Sheet));
    await em.flush();
    expect((await trailOf(audited)).slice(3)).toEqual([['Sheet', '2', 'delete']]);
    await sql('drop trigger spare on sheet; drop function spare');
  });

  it('of a row that row level security hides', async () => {
    await write();
    await sql(`
      do $$ begin create role sheets_app; exception when duplicate_object then null; end $$;
      grant select, update, delete on sheet, sheet_marks, mark to sheets_app;
      grant select, insert on audit_change to sheets_app;
      alter table sheet enable row level security;
      create policy own on sheet using (id = 2);`);
    const em = fork({ session: { role: 'sheets_app' } });
    em.remove([em.getReference(Sheet, 1), em.getReference(Sheet, 2)]);
    await em.flush();
    await sql(
      'drop owned by sheets_app; drop policy own on sheet; alter table sheet disable row level security',
    );
    expect((await trailOf(audited)).slice(3)).toEqual([['Sheet', '2', 'delete']]);
  });
});
