import { beforeAll, expect, it } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { changesOf } from './trail-values.js';

interface Shouted {
  id: number;
  name: string;
  at: Date | null;
  data: object | null;
  list: string[] | null;
  note?: string | null;
}

const Shouted = new EntitySchema<Shouted>({
  name: 'Shouted',
  properties: {
    id: { type: 'integer', primary: true },
    name: { type: 'string' },
    at: { type: 'datetime', nullable: true },
    data: { type: 'json', nullable: true },
    list: { type: 'array', nullable: true },
    note: { type: 'string', nullable: true },
  },
});

const TRIGGER = `
  create function shout() returns trigger language plpgsql as $$
  begin
    new.name = upper(new.name);
    new.at = new.at + interval '1 hour';
    new.data = new.data || '{"seen": true}';
    new.list = case when new.list is not null then new.list || tg_op end;
    new.note = 'by trigger';
    return new;
  end $$;
  create trigger shout before insert or update on shouted for each row execute function shout();`;

const audited = useAuditedApp({
  entities: [Shouted as never],
  options: { policies: [auditPolicy(Shouted as never, { exact: true })] },
});

beforeAll(async () => {
  await audited.orm.em.getConnection().execute(TRIGGER);
});

function fork(): EntityManager {
  return audited.orm.em.fork();
}

it('an exact policy records the values that triggers made of it, before and after', async () => {
  const em = fork();
  const values = { name: 'a', at: new Date('2024-01-01T00:00:00Z'), data: { a: 1 }, list: ['x'] };
  const one = em.create(Shouted, values);
  await em.flush();
  one.name = 'b';
  await em.flush();
  em.remove(one);
  await em.flush();
  const first = {
    name: 'A',
    at: '2024-01-01T01:00:00.000Z',
    data: { a: 1, seen: true },
    list: ['x', 'INSERT'],
  };
  const second = { name: 'B', at: '2024-01-01T02:00:00.000Z', list: ['x', 'INSERT', 'UPDATE'] };
  expect(await changesOf(audited)).toEqual([
    ['create', null, { id: 1, ...first, note: 'by trigger' }],
    ['update', { name: first.name, at: first.at, list: first.list }, second],
    ['delete', { id: 1, ...second, data: first.data, note: 'by trigger' }, null],
  ]);
  const { items } = await audited.reader.history(Shouted.meta.class, 1);
  expect(items[0]?.before).toMatchObject({ at: new Date('2024-01-01T02:00:00Z'), list: second.list });
});

it('an exact policy reads a batch once before and once after', async () => {
  const em = fork();
  const rows = ['a', 'b', 'c'].map((name) => em.create(Shouted, { name, at: null, data: null, list: null }));
  audited.statements.take();
  await em.flush();
  // begin, insert, read, audit, commit
  expect(audited.statements.take()).toHaveLength(5);
  for (const row of rows) {
    row.name += '2';
  }
  await em.flush();
  // begin, read, update, read, audit, commit
  expect(audited.statements.take()).toHaveLength(6);
  expect((await changesOf(audited)).slice(3)).toEqual(
    ['A', 'B', 'C'].map((name) => ['update', { name }, { name: `${name}2` }]),
  );
});
