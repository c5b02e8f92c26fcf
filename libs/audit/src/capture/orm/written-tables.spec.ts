import { describe, expect, it } from '@jest/globals';
import { writtenTables } from './written-tables.js';

const textsOf = (sql: string): readonly string[] =>
  writtenTables(sql).map(({ schema, name }) => (schema === null ? name : `${schema}.${name}`));

describe('the tables that a statement writes', () => {
  it.each([
    ['update item set a = 1', ['item']],
    ['UPDATE ONLY public."item" AS i SET n = 1', ['public.item']],
    ['with x as (select 1) update Item set n = 1', ['item']],
    ['with d as (delete from item returning *) select * from d', ['item']],
    ['insert into item values (1) on conflict (id) do update set n = 1', ['item']],
    ['merge into item using x on true when matched then update set n = 1', ['item']],
    ['merge into item using x on true when matched then delete', ['item']],
    ['copy item from stdin', ['item']],
    ['truncate item, "other".child cascade', ['item', 'other.child']],
    ['truncate table only item', ['item']],
    ['delete from "order item"', ['order item']],
    ['delete from "a""b" . "c.d"', ['a"b.c.d']],
    ['/* c */ update item set n = 1', ['item']],
    ['-- select\nupdate item set n = 1', ['item']],
    ['explain analyze update item set n = 1', ['item']],
    ['select 1; update item set n = 1', ['item']],
    ['prepare p as update item set n = 1', ['item']],
    ["update item set n = 'delete from other'", ['item']],
    [
      `insert into child select * from item where note = 'it''s -- no comment'; delete from item`,
      ['child', 'item'],
    ],
    [
      'with t as materialized (insert into child select 1 returning *) insert into item select * from t',
      ['child', 'item'],
    ],
    ['update größe set n = 1', ['größe']],
    ['update"item"set n = 1', ['item']],
    ['insert into"item"(id) values (1)', ['item']],
    ['delete from"a"."item"', ['a.item']],
    ['update only (item) set n = 1', ['item']],
    ['delete from only (public."item") where n = 1', ['public.item']],
    ['truncate only child, only item', ['child', 'item']],
    ['update shop.public.item set n = 1', ['public.item']],
    [String.raw`select E'\\'; update item set n = '\'`, ['item']],
    [String.raw`select E'it''s \''; update item set n = 1`, ['item']],
    [
      `update "item" as i0 set "n" = case when ("id" = 1) then 'a' else "n" end where "id" in (1, 2)`,
      ['item'],
    ],
  ])('of `%s` are %j', (sql, expected) => {
    expect(textsOf(sql)).toEqual(expected);
  });

  it.each([
    "select * from item where name = 'update item set'",
    'select * from item for update',
    'select * from item for update of item skip locked',
    'select * from item for no key update of item',
    'select "update item" from item',
    'select $$update item set$$',
    'select $a$ delete from item $a$',
    'select 1 /* delete from item */',
    String.raw`select E'it\'s; delete from item'`,
    'begin',
    'set local x = 1',
    'lock table item',
    'alter table item add constraint f foreign key (a) references b on delete cascade on update cascade',
    'create trigger t before insert or update on item for each row execute function f()',
    'create table z as select deleted, updated_at, "update" from item',
  ])('of `%s` are none', (sql) => {
    expect(textsOf(sql)).toEqual([]);
  });

  it('are found in a statement with a very long text', () => {
    const long = 'x '.repeat(16_000_000);
    for (const text of [`'${long}'`, `E'${long}\\n'`, `$$${long}$$`, `/*${long}*/ 1`, `"${long}"`]) {
      expect(textsOf(`select ${text}; update item set n = 1`)).toEqual(['item']);
    }
  });
});
