import { expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { useFactsOrm } from './facts-orm.js';

const Part = defineEntity({
  name: 'Part',
  abstract: true,
  discriminatorColumn: 'kind',
  properties: { id: p.integer().primary(), kind: p.string() },
});
const Bolt = defineEntity({
  name: 'Bolt',
  extends: Part,
  discriminatorValue: 'bolt',
  properties: { threads: p.integer().fieldName('amount').nullable() },
});
const Wheel = defineEntity({
  name: 'Wheel',
  extends: Part,
  discriminatorValue: 'wheel',
  properties: { spokes: p.integer().fieldName('amount').nullable() },
});

const facts = useFactsOrm([Part, Bolt, Wheel]);

it('of classes that share a column under different names, one statement stores the values of one', async () => {
  facts.em.create(Bolt, { id: 1, threads: 5 });
  facts.em.create(Wheel, { id: 2, spokes: 7 });
  await facts.em.flush();
  const rows = await facts.em.getConnection().execute('select amount from part order by id');
  expect(rows).toEqual([{ amount: 5 }, { amount: null }]);
});

it('the root of a single table has the properties of all classes', () => {
  const { root } = facts.orm.getMetadata().get(Wheel);
  expect(root.props.map(({ name }) => name)).toEqual(['id', 'kind', 'threads', 'spokes']);
});
