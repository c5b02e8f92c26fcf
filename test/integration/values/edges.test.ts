import { describe, expect, it } from '@jest/globals';
import { defineEntity, p, raw } from '@mikro-orm/postgresql';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Edge = defineEntity({
  name: 'Edge',
  properties: {
    id: p.integer().primary(),
    title: p.string().nullable(),
    at: p.datetime().nullable(),
    day: p.date().nullable(),
    data: p.json().nullable(),
  },
});

const app = useAuditedApp({ entities: [Edge], options: { policies: [auditPolicy(Edge)] } });
const sql = (text: string) => app.orm.em.getConnection().execute(text);

describe('times that JavaScript lacks, or that MikroORM reads but cannot send', () => {
  it.each([
    ['infinity', 'infinity', 'infinity'],
    ['-infinity', '-infinity', '-infinity'],
    ['0044-03-15 00:00:00+00 BC', '-000043-03-15T00:00:00.000Z', '0044-03-15 BC'],
    ['20000-03-15 00:00:00+00', '+020000-03-15T00:00:00.000Z', '20000-03-15'],
  ])('are recorded as they are, and a restore says what it cannot do: %s', async (stored, told, day) => {
    // Nothing but SQL can put them there.
    app.skipOracle();
    await sql(`insert into edge (id, title, at, day) values (1, 'a', '${stored}', '${day}')`);
    const em = app.orm.em.fork();
    (await em.findOneOrFail(Edge, 1, { fields: ['title'] })).title = 'b';
    await em.flush();
    const gone = app.orm.em.fork();
    await gone.remove(await gone.findOneOrFail(Edge, 1)).flush();
    const rows = await sql(`select before from audit_change where operation = 'delete'`);
    expect(rows).toEqual([{ before: { id: 1, title: 'b', at: told, day, data: null } }]);
    const { items } = await app.reader.history(Edge, 1, { limit: 1 });
    expect([items[0]?.before?.at, items[0]?.before?.day]).toEqual([
      told.includes('infinity') ? told : new Date(told),
      day,
    ]);
    const plan = await app.restorer.planUndelete(Edge, 1);
    expect(plan.conflicts).toContainEqual(
      expect.objectContaining({
        kind: 'value-unknown',
        path: 'at',
        reason: 'not-writable',
        acceptable: true,
      }),
    );
    await app.restorer.apply(await app.restorer.planUndelete(Edge, 1, { accept: ['value-unknown'] }));
    expect(await sql('select title, at, day::text from edge')).toEqual([{ title: 'b', at: null, day }]);
  });
});

it('null of SQL and null of JSON are one value, as MikroORM reads them', async () => {
  const em = app.orm.em.fork();
  const edge = em.create(Edge, { id: 1, data: null });
  await em.flush();
  for (const data of [raw(`'null'::jsonb`) as never, { a: null }, raw(`'null'::jsonb`) as never]) {
    edge.data = data;
    await em.flush();
  }
  await sql('update edge set data = null');
  const { items } = await app.reader.history(Edge, 1, { order: 'oldest' });
  expect(items.map(({ before, after }) => [before?.data, after?.data])).toEqual([
    [undefined, null],
    [null, { a: null }],
    [{ a: null }, null],
  ]);
});
