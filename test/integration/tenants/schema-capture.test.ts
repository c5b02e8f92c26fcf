import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import { Bill, Country, Customer, Line, Memo, Rate, Tag } from '../../support/fixtures/agency.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { useAgencies } from './use-agencies.js';

const { app, at, open, newest } = useAgencies();

describe('changes of rows in the schema of a tenant', () => {
  it('are of that schema, whether the EntityManager or a call has named it', async () => {
    await open();
    const em = app.orm.em.fork();
    const rate = await em.findOneOrFail(Rate, 1, { schema: 'acme' });
    rate.percent = 6;
    em.create(Rate, { id: 2, percent: 1 }, { schema: 'zeta' });
    em.create(Country, { code: 'de', name: 'Germany' });
    await em.flush();
    expect(await newest()).toEqual(['create Country de', 'create Rate@zeta 2', 'update Rate@acme 1']);
  });

  it('of two tenants do not cancel each other out in one transaction', async () => {
    await open();
    await app.orm.em.fork().transactional(async (em) => {
      em.remove(await em.findOneOrFail(Rate, 1, { schema: 'zeta' }));
      await em.flush();
      em.create(Rate, { id: 2, percent: 3 }, { schema: 'acme' });
      await em.flush();
      em.create(Rate, { id: 2, percent: 4 }, { schema: 'zeta' });
      em.remove(await em.findOneOrFail(Rate, 2, { schema: 'acme' }));
    });
    expect(await newest()).toEqual(['create Rate@zeta 2', 'delete Rate@zeta 1']);
  });

  it('are seen where only the database makes them: by cascades, in that schema alone', async () => {
    await open();
    await at('acme', async (em) => em.remove(await em.findOneOrFail(Customer, 1)));
    expect(await newest()).toEqual([
      'delete Bill@acme 1',
      'delete Customer@acme 1',
      'delete Line@acme ["1","1"]',
      'delete Line@acme ["1","2"]',
    ]);
  });

  it('are seen in every schema where what all tenants have in common is deleted', async () => {
    await open();
    for (const agency of ['acme', 'zeta'] as const) {
      await at(agency, async (em) => {
        const country =
          agency === 'acme'
            ? em.create(Country, { code: 'de', name: 'Germany' })
            : em.getReference(Country, 'de');
        (await em.findOneOrFail(Customer, 1)).country = ref(country);
      });
    }
    for (const em of [app.orm.em.fork()]) {
      em.remove(await em.findOneOrFail(Country, 'de'));
      await em.flush();
    }
    expect(await newest()).toEqual(['delete Country de', 'update Customer@acme 1', 'update Customer@zeta 1']);
  });

  it('are links as well, of collections that are loaded, not loaded, and of what is deleted', async () => {
    await open();
    await at('zeta', async (em) => {
      const bill = await em.findOneOrFail(Bill, 1);
      bill.tags.set([em.create(Tag, { id: 2, name: 'new' })]);
    });
    await at('acme', async (em) => {
      const bill = await em.findOneOrFail(Bill, 1, { populate: ['tags'] });
      bill.tags.add(em.create(Tag, { id: 3, name: 'new' }));
    });
    await at('acme', async (em) => em.remove(await em.findOneOrFail(Tag, 1)));
    expect(await newest()).toEqual(['delete Tag@acme 1', 'update Bill@acme 1']);
    await at('acme', async (em) => em.remove(await em.findOneOrFail(Bill, 1)));
    const [gone] = (await app.reader.history(Bill, 1, { schema: 'acme', limit: 1 })).items;
    expect(gone).toMatchObject({ operation: 'delete', before: { tags: [3] }, partOfType: 'Customer@acme' });
  });

  it('are those of collections that are replaced without having been loaded', async () => {
    await open();
    await at('acme', async (em) => {
      const bill = await em.findOneOrFail(Bill, 1);
      bill.lines.set([em.create(Line, { bill: ref(bill), place: 3, text: 'only one' })]);
    });
    expect(await newest()).toEqual([
      'create Line@acme ["1","3"]',
      'delete Line@acme ["1","1"]',
      'delete Line@acme ["1","2"]',
    ]);
  });

  it('have values before that come from the row, where the unit of work knows none', async () => {
    await open();
    await at('zeta', (em) => {
      em.getReference(Customer, 1).name = 'renamed';
      em.getReference(Rate, 1).percent = 9;
    });
    const [name] = (await app.reader.history(Customer, 1, { schema: 'zeta', limit: 1 })).items;
    const [rate] = (await app.reader.history(Rate, 1, { schema: 'zeta', limit: 1 })).items;
    expect([name?.before, rate?.before]).toEqual([{ name: 'customer of zeta' }, { percent: 5 }]);
  });

  it('have a key that changes, and what follows it', async () => {
    await open();
    await at('acme', async (em) => {
      (await em.findOneOrFail(Rate, 1)).id = 5;
    });
    expect((await app.reader.history(Rate, 5, { schema: 'acme' })).items).toHaveLength(2);
    expect((await app.reader.history(Rate, 5, { schema: 'zeta' })).items).toEqual([]);
  });

  it('are recorded when another tenant has deleted the row with their key, and where `public` has such a table', async () => {
    await open();
    await at('zeta', async (em) => em.remove(await em.findOneOrFail(Customer, 1)));
    await at('acme', async (em) => {
      (await em.findOneOrFail(Customer, 1)).name = 'still there';
    });
    await app.em.execute('create table public.tag (id int primary key, name text not null)');
    await at('zeta', async (em) => em.remove(await em.findOneOrFail(Tag, 1)));
    await at('acme', async (em) => {
      (await em.findOneOrFail(Tag, 1)).name = 'still there';
    });
    expect(await newest()).toEqual(['update Tag@acme 1']);
    await app.em.execute('drop table public.tag');
  });

  it('are of a schema also where the class has none and the EntityManager has one', async () => {
    await app.em.execute('create table acme.memo (like public.memo including all)');
    await at('acme', (em) => em.create(Memo, { id: 1, text: 'of acme' }));
    const em = app.orm.em.fork();
    em.create(Memo, { id: 1, text: 'of all' });
    await em.flush();
    const texts = async (options = {}) =>
      (await app.reader.history(Memo, 1, options)).items.map(({ entityType, after }) => [
        entityType,
        after?.text,
      ]);
    expect(await texts()).toEqual([['Memo', 'of all']]);
    expect(await texts({ schema: 'acme' })).toEqual([['Memo@acme', 'of acme']]);
    expect(await texts({ schema: 'public' })).toEqual([['Memo', 'of all']]);
    await app.em.execute('drop table acme.memo');
    app.skipOracle();
  });

  it('are in tables of the trail that no schema redirects', async () => {
    await open();
    const tables: readonly { readonly schema: string; readonly rows: number }[] = await app.em.execute(
      `select schemaname as schema, (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I.%I', schemaname, tablename), true, true, '')))[1]::text::int as rows
       from pg_tables where tablename = 'audit_change' and schemaname in ('public', 'acme', 'zeta')`,
    );
    expect(tables.filter(({ rows }) => rows > 0).map(({ schema }) => schema)).toEqual(['public']);
  });
});

describe('rows in the schema of the configuration', () => {
  const configured = useAuditedApp({ entities: [Memo], orm: { schema: 'app' } });

  it('have names without one, and are looked up and restored there', async () => {
    const { em, reader, restorer } = configured;
    const memo = em.create(Memo, { id: 1, text: 'first' });
    await em.flush();
    em.remove(memo);
    await em.flush();
    await restorer.apply(await restorer.planUndelete(Memo, 1));
    // Looked up, because the newest change of the row is a delete.
    const other = em.fork();
    other.remove(await other.findOneOrFail(Memo, 1));
    await other.flush();
    await other.execute(`insert into app.memo (id, text) values (1, 'put back')`);
    (await other.findOneOrFail(Memo, 1)).text = 'changed';
    await other.flush();
    const { items } = await reader.history(Memo, 1);
    expect(items.map(({ entityType, operation }) => `${operation} ${entityType}`)).toEqual([
      'update Memo',
      'delete Memo',
      'create Memo',
      'delete Memo',
      'create Memo',
    ]);
    configured.skipOracle();
  });
});
