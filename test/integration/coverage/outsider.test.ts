import { expect, it } from '@jest/globals';
import { AuditBaseline, AuditCheck, AuditDoctor, auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { withTriggers } from '../../support/with-triggers.js';
import { Employee, Line, Manager, Person, Place, Playlist, Track } from './outsider-model.js';

const ROWS = 120;
const policies = [
  auditPolicy(Line, { mask: { card: 'last4' } }),
  auditPolicy(Employee),
  auditPolicy(Manager),
  auditPolicy(Track),
  auditPolicy(Playlist),
];
const own = useAuditedApp({
  entities: [Place, Line, Person, Employee, Manager, Track, Playlist],
  options: { policies },
  orm: withTriggers({ policies }),
  clear: false,
  verify: false,
});
const run = (sql: string) => own.orm.em.fork().execute(sql);
const check = () => own.app.get(AuditCheck).run();

it('is recorded once beside writers of every kind, and found right', async () => {
  await run(`set session_replication_role = replica;
    insert into line ("order", position, price, card, notes, from_city, from_pin, "to") select n / 5, 'p~' || n % 5, n, 'card number ' || 1000 + n, case n / 5 when 7 then '{"a": 1, "password": "open"}'::jsonb end, 'Bonn', null,
      case when n % 3 = 0 then '{"city": "Ulm", "pin": "1"}'::jsonb end from generate_series(0, ${ROWS - 1}) n;
    insert into person (id, kind, name, desk, budget) select n, case n % 2 when 0 then 'manager' else 'employee' end, 'P ' || n,
      case n % 2 when 1 then 'd' end, case n % 2 when 0 then n end from generate_series(1, ${ROWS}) n;
    insert into track (id) select generate_series(1, 9);
    insert into playlist (id) select generate_series(1, ${ROWS});
    insert into playlist_tracks (playlist_id, track_id) select n, 1 + (n * t) % 9 from generate_series(1, ${ROWS}) n, generate_series(1, 3) t;
    set session_replication_role = origin`);
  let isOver = false;
  const byUnitOfWork = async () => {
    for (let turn = 0; !isOver; turn++) {
      const em = own.orm.em.fork();
      const line = await em.findOneOrFail(Line, [turn % 24, `p~${turn % 5}`]);
      line.price = `${turn % 90}.50`;
      line.to = em.create(Place, { city: `City ${turn}`, pin: null });
      const list = await em.findOneOrFail(Playlist, 1 + (turn % ROWS), { populate: ['tracks'] });
      const tracks = list.tracks.getItems();
      list.tracks.set(tracks.reverse());
      await em.flush();
    }
  };
  const bySql = async () => {
    for (let turn = 0; !isOver; turn++) {
      await run(
        `update line set card = 'card number ${1_000 + turn}', from_pin = '${turn}' where "order" = ${turn % 24}`,
      );
      await run(
        `update person set name = name || '.', budget = case kind when 'manager' then ${turn} end where id = ${1 + (turn % ROWS)}`,
      );
      await run(
        `insert into person (id, kind, name) values (${1_000 + turn}, 'manager', 'New') on conflict do nothing`,
      );
      await run(`delete from person where id = ${1_000 + turn - 5}`);
    }
  };
  const writing = [byUnitOfWork(), bySql()];
  const report = await own.app.get(AuditBaseline).run({ batchSize: 7 });
  isOver = true;
  await Promise.all(writing);
  expect(report.complete).toBe(true);
  const { findings, entities } = await check();
  expect(findings).toEqual([]);
  expect(entities).toBeGreaterThanOrEqual(3 * ROWS + 9);
  const errors = (await own.app.get(AuditDoctor).examine()).filter(({ severity }) => severity === 'error');
  expect(errors).toEqual([]);
});

it('is hidden where triggers find JSON that jsonb cannot hold, and contradicts nothing', async () => {
  // The oracle cannot read such a row.
  await run(`alter table line disable trigger "AA_shadow"; set session_replication_role = replica;
    update line set raw = '{"u": "\\u0000"}' where "order" = 9; set session_replication_role = origin`);
  await own.app.get(AuditCheck).run({ record: { reason: 'So it is.' } });
  await run(`update line set raw = '{"u": "\\u0000 more"}' where "order" = 9 and position = 'p~3'`);
  await run(`delete from line where "order" = 9 and position in ('p~3', 'p~4')`);
  expect((await check()).findings).toEqual([]);
  await run('alter table line enable trigger "AA_shadow"');
  const found = await run(
    `select distinct before -> 'raw' as raw from audit_change where entity_type = 'Line' and operation in ('update', 'delete') and before ? 'raw' and before ->> 'raw' is not null`,
  );
  expect(found).toEqual([{ raw: { $mask: { kind: 'redact' } } }]);
});

it('is the same where JSON has numbers that JavaScript has not, whoever records them', async () => {
  const numbers = [
    '1e400',
    '-1e400',
    '-1e-400',
    '1e-400',
    '-0',
    '12345678901234567890.10',
    '[1.00, {"a": 1e400}]',
  ];
  await run(`alter table line disable trigger "AA_shadow"`);
  const among = `"order" between 10 and 13`;
  const set = (column: string, type: string) =>
    numbers
      .map(
        (number, at) =>
          `update line set ${column} = '${number}'::${type} where ${among} and ("order" * 5 + right(position, 1)::int) % ${numbers.length} = ${at}`,
      )
      .join(';');
  const both = `${set('notes', 'jsonb')};${set('raw', 'json')}; update line set "to" = '{"city": 1e400}' where "order" in (11, 13)`;
  await run(`set session_replication_role = replica; ${both}; set session_replication_role = origin`);
  await own.app.get(AuditCheck).run({ record: { reason: 'So it is.' } });
  expect((await check()).findings).toEqual([]);
  await run(`update line set notes = null, raw = null where "order" = 10`);
  await run(`delete from line where "order" = 11`);
  await run(both);
  expect((await check()).findings).toEqual([]);
  const em = own.orm.em.fork();
  for (const line of await em.find(Line, { order: 12 })) {
    line.notes = line.raw = 'no number';
  }
  await em.flush();
  await em.nativeDelete(Line, { order: 13 });
  expect((await check()).findings).toEqual([]);
  await run('alter table line enable trigger "AA_shadow"');
  const recorded = await run(
    `select before ->> 'notes' as text from audit_change where entity_type = 'Line' and entity_id like '["1_"%' and operation = 'delete'`,
  );
  const texts = recorded.map(({ text }) => String(text));
  expect(texts).toContain('{"$number": "-Infinity"}');
  expect(texts.filter((text) => /[1-9]0{300}/.test(text))).toEqual([]);
});

it.each([
  [
    'a part of a composite key',
    `update line set position = 'q' where "order" = 3 and position = 'p~2'`,
    ['gone', 'not-recorded'],
  ],
  ['the class of a row', `update person set kind = 'employee' where id = 2`, ['gone', 'not-recorded']],
  [
    'a masked value',
    `update line set card = 'card number 9999' where "order" = 4 and position = 'p~1'`,
    ['differs'],
  ],
  [
    'a member of an embeddable',
    `update line set from_city = 'Köln' where "order" = 5 and position = 'p~1'`,
    ['differs'],
  ],
  [
    'a member inside JSON',
    `update line set "to" = '{"city": "Köln"}' where "order" = 6 and position = 'p~0'`,
    ['differs'],
  ],
  [
    'JSON beside a secret',
    `update line set notes = notes || '{"a": 2}' where "order" = 7 and position = 'p~0'`,
    ['differs'],
  ],
  [
    'JSON with a secret that is not there any more',
    `update line set notes = '{"a": 1}' where "order" = 7 and position = 'p~1'`,
    ['differs'],
  ],
  [
    'null that is a secret now',
    `update line set notes = '"postgres://user:open@host/db"' where "order" = 8 and position = 'p~1'`,
    ['differs'],
  ],
  [
    'a secret inside JSON',
    `update line set notes = notes || '{"password": "x"}' where "order" = 7 and position = 'p~2'`,
    [],
  ],
  [
    'the order of links',
    `update playlist_tracks set track_id = 10 - track_id where playlist_id = 7 and track_id <> 5;`,
    ['differs'],
  ],
])('%s that is changed past everything is found where it is not hidden', async (_what, sql, kinds) => {
  expect((await check()).findings).toEqual([]);
  await run(`set session_replication_role = replica; ${sql}; set session_replication_role = origin`);
  const { findings } = await check();
  expect(findings.map(({ kind }) => kind).sort()).toEqual(kinds);
  await own.app.get(AuditCheck).run({ record: { reason: 'So it is.' } });
});

it.each([
  ['the scale of a number in JSON', 'notes', '1.0', '1.00', []],
  [
    'digits of a number in JSON that JavaScript has not',
    'notes',
    '12345678901234567890',
    '12345678901234567891',
    [],
  ],
  ['the size of a number in JSON that JavaScript has not', 'raw', '1e400', '1e401', []],
  ['a number in JSON', 'notes', '1.0', '1.5', ['differs']],
  ['null of JSON in place of none', 'notes', null, 'null', []],
  ['a microsecond of a time', 'at', '2026-01-01T00:00:00.000100Z', '2026-01-01T00:00:00.000101Z', []],
  ['a millisecond of a time', 'at', '2026-01-01T00:00:00.001Z', '2026-01-01T00:00:00.002Z', ['differs']],
] as const)(
  '%s that is changed past everything is found as the guide says',
  async (_what, column, before, after, kinds) => {
    const set = (value: string | null) =>
      `update line set ${column} = ${value === null ? 'null' : `'${value}'`} where "order" = 15 and position = 'p~1'`;
    await run(`alter table line disable trigger "AA_shadow"; ${set(before)}`);
    expect((await check()).findings).toEqual([]);
    await run(`set session_replication_role = replica; ${set(after)}; set session_replication_role = origin`);
    expect((await check()).findings.map(({ kind }) => kind)).toEqual(kinds);
    await own.app.get(AuditCheck).run({ record: { reason: 'So it is.' } });
    await run(`${set(null)}; alter table line enable trigger "AA_shadow"`);
  },
);
