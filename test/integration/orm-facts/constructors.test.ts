import { describe, expect, it } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import { isWantedByConstructor } from '../../../libs/audit/src/capture/orm/constructor-needs.js';
import { useFactsOrm } from './facts-orm.js';

class Bolt {
  readonly id!: number;
  name: string;
  size!: number;

  constructor(name: string) {
    this.name = `made ${name}`;
  }
}

class Screw {
  readonly id!: number;
  name: string;

  constructor(values: { name: string }) {
    this.name = `made ${values.name}`;
  }
}

const id = { type: 'integer', primary: true } as const;
const facts = useFactsOrm([
  new EntitySchema({ class: Bolt, properties: { id, name: { type: 'string' }, size: { type: 'integer' } } }),
  new EntitySchema({ class: Screw, properties: { id, name: { type: 'string' } } }),
]);

describe('a constructor', () => {
  it('is given the properties that its parameters are named after, and they are left as it makes them', () => {
    const { em } = facts.orm;
    const wanted = (entity: typeof Bolt | typeof Screw, name: string) =>
      isWantedByConstructor(facts.orm.getMetadata().get(entity), { name });
    expect(em.fork().create(Bolt, { name: 'a', size: 2 })).toMatchObject({ name: 'made a', size: 2 });
    expect([wanted(Bolt, 'name'), wanted(Bolt, 'size')]).toEqual([true, false]);
    expect(em.fork().create(Screw, { name: 'a' }).name).toBe('a');
    expect(wanted(Screw, 'name')).toBe(true);
  });
});
