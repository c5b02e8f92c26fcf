import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Ship = defineEntity({
  name: 'Ship',
  properties: {
    id: p.integer().primary(),
    voyages: () => p.oneToMany(Voyage).mappedBy('ship').orphanRemoval(),
  },
});
const Voyage = defineEntity({
  name: 'Voyage',
  properties: {
    ship: () => p.manyToOne(Ship).primary().deleteRule('cascade'),
    number: p.integer().primary(),
    stops: () => p.oneToMany(Stop).mappedBy('voyage').orphanRemoval(),
  },
});
const Stop = defineEntity({
  name: 'Stop',
  properties: {
    voyage: () => p.manyToOne(Voyage).primary().deleteRule('cascade'),
    place: p.integer().primary(),
  },
});

const entities = [Ship, Voyage, Stop];
const app = useAuditedApp({
  entities,
  options: { policies: entities.map((entity) => auditPolicy(entity as never)) },
});

describe('an entity that has lost its key to a collection', () => {
  it('and is given members fails as it does without auditing', async () => {
    const own = app.orm.em.fork();
    for (const id of [1, 2]) {
      const ship = own.create(Ship, { id });
      const voyage = own.create(Voyage, { ship, number: 1 });
      own.create(Stop, { voyage, place: 1 });
      own.create(Voyage, { ship, number: 2 });
    }
    await own.flush();
    const loaded = await app.em.findOneOrFail(Ship, 1, { populate: ['voyages'] });
    const voyage = loaded.voyages.getItems().find((one) => one.number === 2);
    loaded.voyages.removeAll();
    const stops = [1, 2].map((ship) =>
      app.em.findOneOrFail(Stop, [[ship, 1], 1] as never, { populate: ['*'] }),
    );
    voyage?.stops.set(await Promise.all(stops));
    await expect(app.em.flush()).rejects.toThrow('Value for Voyage.ship is required');
  });
});
