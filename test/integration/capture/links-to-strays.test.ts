import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Port = defineEntity({
  name: 'Port',
  properties: {
    code: p.string().primary(),
    ships: () => p.manyToMany(Ship).mappedBy('visited'),
  },
});
const Ship = defineEntity({
  name: 'Ship',
  properties: { id: p.integer().primary(), visited: () => p.manyToMany(Port) },
});

const app = useAuditedApp({
  entities: [Port, Ship],
  options: { policies: [auditPolicy(Port), auditPolicy(Ship)] },
});

describe('an entity that em.refresh() has looked for under a key that was never stored', () => {
  it('loses no link under that key, although MikroORM sends a delete of it', async () => {
    const own = app.orm.em.fork();
    const ports = ['p2', 'p3'].map((code) => own.create(Port, { code }));
    own.create(Ship, { id: 1, visited: ports });
    await own.flush();
    const port = await app.em.findOneOrFail(Port, 'p3', { populate: ['*'] });
    port.code = 'p4';
    for (const entity of [port, ...port.ships]) {
      await app.em.refresh(entity);
    }
    await app.em.flush();
    expect(await trailOf(app)).not.toContainEqual(['Ship', '1', 'update']);
  });
});
