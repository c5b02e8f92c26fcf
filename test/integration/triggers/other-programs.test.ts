import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditPolicy } from 'nestjs-mikro-audit';
import pg, { type Client } from 'pg';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { withTriggers } from '../../support/with-triggers.js';
import { Note, Page, toldIn } from './notes-and-pages.js';

const policies = [auditPolicy(Note), auditPolicy(Page)];
const audited = useAuditedApp({
  entities: [Note, Page],
  options: { policies },
  orm: withTriggers({ policies }),
  verify: { folded: true },
});
let psql: Client;

const told = () => toldIn(audited);
const whatOf = async () => (await told()).map(({ what }) => what);

async function connect(options: pg.ClientConfig = {}): Promise<Client> {
  const client = new pg.Client({ connectionString: audited.url, application_name: 'psql', ...options });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

beforeAll(async () => {
  psql = await connect();
  // The database knows more than MikroORM does.
  await psql.query(`
    alter table page add constraint above_goes foreign key (above_id) references page (id) on delete cascade;
    create function number_again() returns trigger language plpgsql as $$ begin
      update note set kind = 'numbered' where id = new.id + 1000 and kind = 'plain'; return null;
    end $$;
    create trigger number_again after insert on note for each row execute function number_again();
    create function rename_all(name text) returns void language sql as $$ update note set text = name $$;
    create function plain_function() returns int language plpgsql as $$ begin update note set text = 'f'; return 1; end $$;
  `);
});
beforeEach(async () => {
  await psql.query('reset all');
});
afterAll(() => psql.end());

describe('another program', () => {
  it('is the actor `database`, with its role, application and address', async () => {
    await psql.query(`insert into note (id, text) values (1, 'a'), (2, 'b')`);
    const [row] = await audited.orm.em
      .fork()
      .execute(
        'select actor_type, actor_id, actor_label, origin, outcome from audit_change where revision_id is null',
      );
    expect(row).toEqual({
      actor_type: 'database',
      actor_id: 'postgres',
      actor_label: null,
      outcome: 'success',
      origin: {
        source: 'database',
        ip: '127.0.0.1',
        userAgent: 'psql',
        method: null,
        route: null,
        handler: null,
      },
    });
    const { items } = await audited.reader.history(Note, 1);
    expect(items[0]?.revision.actor).toEqual({ type: 'database', id: 'postgres', label: null });
  });

  it('may say who it acts for, and why', async () => {
    const context = {
      actor: { type: 'service', id: 'import' },
      reason: 'yearly',
      metadata: { file: 'a.csv' },
    };
    await psql.query(`select set_config('audit.context', $1, false)`, [JSON.stringify(context)]);
    await psql.query(`insert into note (id, text) values (1, 'a')`);
    const [row] = await audited.orm.em
      .fork()
      .execute('select actor_type, actor_id, reason, metadata from audit_change');
    expect(row).toEqual({
      actor_type: 'service',
      actor_id: 'import',
      reason: 'yearly',
      metadata: { file: 'a.csv' },
    });
  });

  it.each([
    ['no JSON', 'nonsense', /invalid input syntax for type json/],
    ['an actor of no known type', '{"actor": {"type": "root"}}', /no actor of a known type/],
    ['an actor that is no object', '{"actor": "anna"}', /no actor of a known type/],
  ])('that says it with %s is refused', async (_, context, message) => {
    await psql.query(`select set_config('audit.context', $1, false)`, [context]);
    await expect(psql.query(`insert into note (id, text) values (1, 'a')`)).rejects.toThrow(message);
  });

  it('leaves no secret, and nothing where nobody would hide one', async () => {
    const secret = `insert into note (id, text) values (1, 'plain'), (2, 'https://anna:s3cret@host/')`;
    await psql.query(secret);
    const written = await audited.orm.em.fork().execute('select after, labels from audit_change order by id');
    expect(written).toEqual([
      { after: { id: 1, text: 'plain', kind: 'plain' }, labels: null },
      { after: { id: 2, text: { $mask: { kind: 'redact' } }, kind: 'plain' }, labels: null },
    ]);
    await psql.query('delete from note');
    await psql.query('alter table audit_change disable trigger user');
    try {
      await expect(psql.query(secret)).rejects.toThrow(/hides secrets, is missing or off/);
      await psql.query(`insert into note (id, text) values (1, 'plain')`);
    } finally {
      await psql.query('alter table audit_change enable trigger user');
    }
  });

  it('needs no privilege on the trail', async () => {
    await psql.query(`drop role if exists audit_stranger`);
    await psql.query(
      `create role audit_stranger login password 'x'; grant insert, select, update on note to audit_stranger`,
    );
    const url = new URL(audited.url);
    [url.username, url.password] = ['audit_stranger', 'x'];
    const stranger = await connect({ connectionString: url.href });
    await stranger.query(`insert into note (id, text) values (1, 'a')`);
    await expect(stranger.query('select * from audit_change')).rejects.toThrow(/permission denied/);
    await stranger.end();
    expect(await told()).toEqual([{ who: 'database audit_stranger', what: 'create Note 1 -> a' }]);
    await psql.query(`drop owned by audit_stranger; drop role audit_stranger`);
  });
});

describe('one statement is recorded once, whatever it is:', () => {
  beforeEach(async () => {
    await psql.query(`insert into note (id, text) values (1, 'a'), (2, 'b')`);
    await psql.query(`insert into page (id, note_id, above_id) values (1, 1, null), (2, 1, 1), (3, 2, 2)`);
  });
  const since = async () => (await whatOf()).slice(5);

  it.each([
    [
      'on conflict',
      `insert into note (id, text) values (1, 'x'), (3, 'c') on conflict (id) do update set text = excluded.text`,
      ['create Note 3 -> c', 'update Note 1 a -> x'],
    ],
    [
      'a writable common table expression',
      `with gone as (delete from page where id = 3 returning *), made as (insert into note (id, text) select 9, 'n' from gone returning *) update note set text = 'u' where id = 2`,
      ['delete Page 3 ->', 'create Note 9 -> n', 'update Note 2 b -> u'],
    ],
    [
      'a DO block',
      `do $$ begin update note set text = 'x' where id = 1; delete from page where id = 3; end $$`,
      ['update Note 1 a -> x', 'delete Page 3 ->'],
    ],
    ['a function', `select rename_all('z')`, ['update Note 1 a -> z', 'update Note 2 b -> z']],
    [
      'cascades of foreign keys, also within one table',
      'delete from note where id = 1',
      ['delete Note 1 a ->', 'delete Page 1 ->', 'delete Page 2 ->', 'delete Page 3 ->'],
    ],
    ['an update that changes nothing', 'update note set text = text', []],
    ['a statement without rows', 'delete from note where id = 77', []],
    [
      'a prepared statement',
      `prepare p as update note set text = 'p' where id = 1; execute p; deallocate p`,
      ['update Note 1 a -> p'],
    ],
  ])('%s', async (_, sql, expected) => {
    await psql.query(sql);
    expect([...(await since())].sort()).toEqual([...expected].sort());
  });

  it('merge, on servers that have it', async () => {
    const merge = `merge into note n using (values (1, 'x'), (4, 'd')) v(id, text) on n.id = v.id when matched then update set text = v.text when not matched then insert (id, text) values (v.id, v.text)`;
    const { rows } = await psql.query(
      `select current_setting('server_version_num')::int >= 150000 as "hasMerge"`,
    );
    if (rows[0].hasMerge) {
      await psql.query(merge);
      expect([...(await since())].sort()).toEqual(['create Note 4 -> d', 'update Note 1 a -> x']);
    } else {
      await expect(psql.query(merge)).rejects.toThrow('syntax error');
    }
  });

  it('COPY', async () => {
    await psql.query(`create temp table incoming as select 5 as id, 'e' as text`);
    await psql.query(`copy note (id, text) from program 'printf "5\\\\te\\\\n"'`);
    expect(await since()).toEqual(['create Note 5 -> e']);
  });

  it('keys that move along, each row told from its neighbor', async () => {
    await psql.query('update note set id = id + 10');
    expect([...(await since())].sort()).toEqual(
      [
        'update Note 1 ->',
        'update Note 2 ->',
        'update Page 1 ->',
        'update Page 2 ->',
        'update Page 3 ->',
      ].sort(),
    );
  });

  it('what another trigger of the table does in the course of a flush', async () => {
    await psql.query(`insert into note (id, text) values (1003, 'k')`);
    const em = audited.orm.em.fork();
    em.create(Note, { id: 3, text: 'c' });
    await em.flush();
    expect((await whatOf()).slice(6).sort()).toEqual(['create Note 3 -> c', 'update Note 1003 ->']);
  });

  it('but a flush is refused in which a rule that MikroORM does not know deletes further rows of its table', async () => {
    const em = audited.orm.em.fork();
    em.remove(await em.findOneOrFail(Page, 1));
    await expect(em.flush()).rejects.toThrow(/MikroORM does not know its rule/);
  });
});

describe('TRUNCATE', () => {
  it('is refused', async () => {
    await psql.query(`insert into note (id, text) values (1, 'a')`);
    await expect(psql.query('truncate note cascade')).rejects.toThrow(/cannot be truncated/);
  });

  it('is done where nothing is audited', async () => {
    const { context, orm } = audited;
    audited.skipOracle();
    await orm.em.fork().insert(Note, { id: 1, text: 'a' });
    await context.withoutAuditing({ reason: 'test data' }, () =>
      orm.em.fork().execute('truncate note cascade'),
    );
    expect(await orm.em.fork().count(Note)).toBe(0);
  });
});

it('a suspension holds for native writes, too', async () => {
  const { context, orm } = audited;
  audited.skipOracle();
  await context.withoutAuditing({ reason: 'test data' }, async () => {
    const em = orm.em.fork();
    await em.insert(Note, { id: 1, text: 'a' });
    em.create(Note, { id: 2, text: 'b' });
    await em.flush();
  });
  expect((await whatOf()).filter((what) => what.includes('Note'))).toEqual([]);
});
