import { describe, expect, it } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

class Land {
  code!: string;
  name!: string;
  capital: Land | null = null;
}

const landSchema = new EntitySchema({
  class: Land,
  properties: {
    code: { type: 'string', primary: true },
    name: { type: 'string' },
    capital: {
      kind: 'm:1',
      entity: () => Land,
      nullable: true,
      updateRule: 'cascade',
      deleteRule: 'set null',
    },
  },
});

const app = useAuditedApp({
  entities: [landSchema],
  options: { policies: [auditPolicy(Land)] },
  oracle: { entities: [Land] },
});

describe('a key that an entity had before', () => {
  it('is not updated by what MikroORM sends to it', async () => {
    const first = app.em.create(Land, { code: 'aa', name: 'first', capital: null });
    await app.em.flush();
    first.capital = first;
    await app.em.flush();
    const em = app.orm.em.fork();
    (await em.findOneOrFail(Land, { code: 'aa' })).code = 'zz';
    await em.flush();
    // MikroORM still knows the entity by its old key, and sends an update that hits no row.
    em.create(Land, { code: 'aa', name: 'second', capital: null });
    await em.flush();
    expect((await trailOf(app)).map(([, id, operation]) => `${operation} ${id}`)).toEqual([
      'create aa',
      'update aa',
      'update aa',
    ]);
  });
});
