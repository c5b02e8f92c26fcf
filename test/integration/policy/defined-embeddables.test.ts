import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { AuditConfigurationError, auditPolicy, MaskedValue } from 'nestjs-mikro-audit';
import { createAuditedApp } from '../../support/audited-app.js';
import { createTestDatabase } from '../../support/database.js';
import { refusalWith } from '../module/boot-app.js';
import { trailText } from './stored-text.js';

const redacted = new MaskedValue('redact', null);

describe('auditPolicy on an embeddable made with defineEntity', () => {
  const Point = defineEntity({
    name: 'Point',
    embeddable: true,
    properties: { x: p.string(), y: p.string(), z: p.string().hidden() },
  });
  const Place = defineEntity({
    name: 'Place',
    properties: {
      id: p.integer().primary(),
      at: () => p.embedded(Point),
      stops: () => p.embedded(Point).array(),
    },
  });

  it('holds for its members, as does `hidden`', async () => {
    const places = await createAuditedApp({
      entities: [Place, Point],
      options: {
        policies: [auditPolicy(Place), auditPolicy(Point, { mask: { x: 'last4' }, ignore: ['y'] })],
      },
      oracle: { entities: [] },
    });
    try {
      const em = places.orm.em.fork();
      const point = { x: 'CANARY-12345678', y: 'CANARY', z: 'CANARY' };
      const place = em.create(Place, { at: point, stops: [point] });
      await em.flush();
      const { items } = await places.reader.history(Place, place.id);
      const x = new MaskedValue('last4', '5678');
      expect(items[0]?.after).toEqual({ id: 1, 'at.x': x, 'at.z': redacted, stops: [{ x, z: redacted }] });
      expect(await trailText(places)).not.toContain('CANARY');
    } finally {
      await places.close();
    }
  });

  it('is refused for a member that does not exist, and for a hash without hashKey', async () => {
    const database = await createTestDatabase();
    try {
      const orm = { url: database.url, entities: [Place, Point] };
      const unknown = await refusalWith(orm, {
        policies: [auditPolicy(Place), auditPolicy(Point, { ignore: ['w' as 'x'] })],
      });
      expect(unknown).toBeInstanceOf(AuditConfigurationError);
      expect(String(unknown)).toMatch(
        /embeddable Point \(Place\.at\) names the property "w".*Use one of: x, y, z/,
      );
      const hashed = await refusalWith(orm, {
        policies: [auditPolicy(Place, { ignore: ['at'] }), auditPolicy(Point, { mask: { x: 'hash' } })],
      });
      expect(String(hashed)).toMatch(/masked with 'hash', but AuditModule has no hashKey/);
    } finally {
      await database.drop();
    }
  });
});
