import { describe, expect, it, jest } from '@jest/globals';
import { Collection, ref } from '@mikro-orm/core';
import { Entity, ManyToMany, PrimaryKey } from '@mikro-orm/decorators/legacy';
import { Logger } from '@nestjs/common';
import { AuditDoctor, Audited } from 'nestjs-mikro-audit';
import pg from 'pg';
import { createAuditedApp } from '../../support/audited-app.js';
import { Bill, Country, Customer, Line, Rate, Tag } from '../../support/fixtures/agency.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { withTriggers } from '../../support/with-triggers.js';
import { useAgencies } from '../tenants/use-agencies.js';

const { app, at, open, tell, newest } = useAgencies({ orm: withTriggers() });

describe('triggers of tables that each tenant has', () => {
  it('record native writes, in the schema of an EntityManager or of a call', async () => {
    await open();
    const em = app.orm.em.fork({ schema: 'acme' });
    await em.nativeUpdate(Rate, { id: 1 }, { percent: 6 });
    expect(await newest()).toEqual(['update Rate@acme 1']);
    await app.orm.em.fork().nativeUpdate(Rate, { id: 1 }, { percent: 7 }, { schema: 'zeta' });
    expect(await newest()).toEqual(['update Rate@zeta 1']);
    await app.orm.em.fork({ schema: 'zeta' }).insert(Rate, { id: 2, percent: 1 });
    expect(await newest()).toEqual(['create Rate@zeta 2']);
  });

  it('record statements of other programs, cascades, links and parts in the schema alone', async () => {
    await open();
    const other = new pg.Client(app.url);
    await other.connect();
    try {
      await other.query(`insert into acme.tag (id, name) values (2, 'two')`);
      await other.query('insert into acme.bill_tags (bill_id, tag_id) values (1, 2)');
      expect(await newest()).toEqual(['update Bill@acme 1']);
      await other.query('delete from acme.customer where id = 1');
    } finally {
      await other.end();
    }
    expect(await newest()).toEqual([
      'delete Bill@acme 1',
      'delete Customer@acme 1',
      'delete Line@acme ["1","1"]',
      'delete Line@acme ["1","2"]',
    ]);
    const { items } = await app.reader.history(Bill, 1, { schema: 'acme' });
    expect(items[0]?.before).toMatchObject({ tags: expect.anything() });
  });

  it('leave to the unit of work all that it records, in the schema of each and in that of all', async () => {
    await tell();
    await at('acme', async (em) => {
      (await em.findOneOrFail(Customer, 1)).country = ref(
        em.create(Country, { code: 'de', name: 'Germany' }),
      );
      const bill = await em.findOneOrFail(Bill, 1, { populate: ['tags'] });
      bill.tags.set([em.create(Tag, { id: 3, name: 'three' })]);
    });
    await at('zeta', (em) => {
      em.create(Customer, { id: 2, name: 'second', country: ref(em.getReference(Country, 'de')) });
    });
    const em = app.orm.em.fork();
    em.remove(await em.findOneOrFail(Country, 'de'));
    await em.flush();
    expect(await newest()).toEqual(['delete Country de', 'update Customer@acme 1', 'update Customer@zeta 2']);
    await app.orm.em.fork().nativeDelete(Line, { bill: 1 }, { schema: 'acme' });
    await at('acme', async (em) => em.remove(await em.findOneOrFail(Customer, 1)));
    expect(await newest()).toEqual(['delete Bill@acme 1', 'delete Customer@acme 1']);
  });

  it('come with the tables of a tenant, and are not made again', async () => {
    await app.orm.schema.create({ schema: 'late' });
    expect(await app.orm.schema.getUpdateSchemaSQL({ schema: 'late' })).toBe('');
    await app.orm.em.fork({ schema: 'late' }).insert(Rate, { id: 1, percent: 1 });
    expect(await newest()).toEqual(['create Rate@late 1']);
    await app.orm.em.getConnection().execute('drop schema late cascade');
    app.skipOracle();
  });

  it('of an earlier version stay until the tenant itself is updated, so that nothing is recorded twice', async () => {
    app.skipOracle();
    const { em, schema } = app.orm;
    const namesIn = async (tenant: string) =>
      (
        await em
          .fork()
          .execute<{ name: string }[]>(
            `select tgname as name from pg_trigger where tgrelid = '${tenant}.rate'::regclass and tgname like 'audit\\_insert\\_%'`,
          )
      ).map(({ name }) => name);
    await schema.create({ schema: 'early' });
    try {
      const [name] = await namesIn('early');
      await em.fork().execute(`alter trigger ${name} on early.rate rename to audit_insert_00000000`);
      await schema.create({ schema: 'later' });
      expect([await namesIn('early'), await namesIn('later')]).toEqual([['audit_insert_00000000'], [name]]);
      await schema.update({ schema: 'early' });
      expect(await namesIn('early')).toEqual([name]);
    } finally {
      await em.fork().execute('drop schema early cascade; drop schema if exists later cascade');
    }
  });

  it.each(["o'neill", 'all*of'])(
    'are refused in the schema %s, whose name could not stand in them',
    async (schema) => {
      app.skipOracle();
      await expect(app.orm.schema.create({ schema })).rejects.toThrow(
        `no triggers can be made in the schema ${schema}`,
      );
      await app.orm.em.fork().execute(`drop schema if exists "${schema}" cascade`);
    },
  );

  it('are looked after by the doctor in the schema of each', async () => {
    const found = async () =>
      (await app.app.get(AuditDoctor).examine())
        .filter(({ code }) => /^trigger-(?!unknown)/.test(code))
        .map(({ code, message }) => `${code}: ${message}`);
    expect(await found()).toEqual([]);
    const sql = 'alter table zeta.rate disable trigger user';
    await app.orm.em.getConnection().execute(sql);
    expect(await found()).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(/^trigger-off: .*zeta\."?rate/)),
    );
    await app.orm.em.getConnection().execute(sql.replace('disable', 'enable'));
  });

  it('are brought back by what the doctor says', async () => {
    app.skipOracle();
    const { em, schema } = app.orm;
    const remedies = async () =>
      (await app.app.get(AuditDoctor).examine())
        .filter(({ code }) => code === 'trigger-missing')
        .map(({ remedy }) => remedy);
    const [{ name } = { name: '' }] = await em
      .fork()
      .execute<{ name: string }[]>(
        `select tgname as name from pg_trigger where tgrelid = 'zeta.rate'::regclass and tgname like 'audit\\_insert\\_%'`,
      );
    await em.fork().execute(`drop trigger ${name} on zeta.rate`);
    expect(await remedies()).toEqual([expect.stringContaining('orm.schema.update({ schema })')]);
    expect(await schema.getUpdateSchemaSQL()).not.toContain(name);
    await schema.update({ schema: 'zeta' });
    expect(await remedies()).toEqual([]);
  });
});

@Audited()
@Entity({ schema: 'shared' })
class Skill {
  @PrimaryKey({ type: 'integer' })
  id!: number;
}

@Audited()
@Entity({ schema: 'shared' })
class Worker {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToMany({ entity: () => Skill })
  skills = new Collection<Skill>(this);
}

@Audited()
@Entity()
class Parcel {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToMany({ entity: () => Skill })
  needs = new Collection<Skill>(this);
}

describe('triggers of tables without a schema', () => {
  const suite = useAuditedApp({ entities: [Parcel, Skill], orm: withTriggers() });

  it('leave links to the flush that an EntityManager of another schema writes to the default one', async () => {
    suite.skipOracle();
    const { em } = suite;
    await em.execute('create schema moved; create table moved.parcel (like parcel including all)');
    try {
      await em.execute('insert into parcel values (1); insert into shared.skill values (1), (2)');
      const moved = suite.orm.em.fork({ schema: 'moved' });
      moved.create(Parcel, { id: 1 }).needs.add(moved.getReference(Skill, 1));
      await moved.flush();
      const again = suite.orm.em.fork({ schema: 'moved' });
      (await again.findOneOrFail(Parcel, 1)).needs.add(again.getReference(Skill, 2));
      await again.flush();
      const changes = await em.execute<{ what: string }[]>(
        `select operation || ' ' || entity_type as what from audit_change where entity_type like 'Parcel%' order by id`,
      );
      expect(changes.map(({ what }) => what)).toEqual([
        'create Parcel',
        'create Parcel@moved',
        'update Parcel@moved',
      ]);
    } finally {
      await em.execute('drop schema moved cascade');
    }
  });
});

it('a native write that an EntityManager moves to a schema without triggers is named in the log', async () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const audited = await createAuditedApp({ entities: [Skill, Parcel], orm: withTriggers() });
  try {
    const em = audited.orm.em.fork({ schema: 'moved' });
    await em.execute('create schema moved; create table moved.parcel (like parcel including all)');
    await em.insert(Parcel, { id: 1 });
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^Parcel is written without a trace: /)]]);
  } finally {
    warn.mockRestore();
    await audited.close();
  }
});

describe('triggers of tables in a schema of their own', () => {
  const suite = useAuditedApp({ entities: [Worker, Skill], orm: withTriggers() });

  it('record links, each of them once', async () => {
    const { em } = suite;
    const worker = em.create(Worker, { id: 1 });
    worker.skills.add([1, 2, 3].map((id) => em.create(Skill, { id })));
    await em.flush();
    em.remove(await em.findOneOrFail(Skill, 1));
    await em.flush();
    worker.skills.remove(({ id }) => id === 2);
    await em.flush();
    await em.execute('delete from shared.worker_skills');
    const { items } = await suite.reader.history(Worker, 1);
    expect(items.map(({ operation }) => operation)).toEqual(['update', 'update', 'update', 'create']);
    em.clear();
    em.remove(await em.findOneOrFail(Worker, 1));
    await em.flush();
  });
});
