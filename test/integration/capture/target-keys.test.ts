import { beforeEach, describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { verbOf } from '../../support/statement-log.js';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Country = defineEntity({
  name: 'Country',
  properties: { id: p.integer().primary(), code: p.string().unique(), name: p.string() },
});
const City = defineEntity({
  name: 'City',
  properties: {
    id: p.integer().primary(),
    country: () =>
      p.manyToOne(Country).targetKey('code').nullable().updateRule('cascade').deleteRule('set null'),
  },
});
const Street = defineEntity({
  name: 'Street',
  properties: {
    id: p.integer().primary(),
    country: () => p.manyToOne(Country).targetKey('code').deleteRule('cascade').updateRule('cascade'),
  },
});

const app = useAuditedApp({
  entities: [Country, City, Street],
  options: { policies: [auditPolicy(Country, {}), auditPolicy(City, {}), auditPolicy(Street, {})] },
});

/** The oracle verifies every test. */
describe('rows that refer to something else than the key', () => {
  beforeEach(async () => {
    const own = app.orm.em.fork();
    const country = own.create(Country, { id: 1, code: 'aa', name: 'A' });
    own.create(City, { id: 1, country });
    own.create(Street, { id: 1, country });
    await own.flush();
    app.statements.take();
  });

  const newest = async () =>
    (await trailOf(app)).slice(3).map(([type, , operation]) => `${type} ${operation}`);

  it.each(['loaded', 'referenced'])('follow when it changes, of a %s entity', async (how) => {
    const country =
      how === 'loaded' ? await app.em.findOneOrFail(Country, 1) : app.em.getReference(Country, 1);
    country.code = 'bb';
    await app.em.flush();
    expect((await newest()).sort()).toEqual(['City update', 'Country update', 'Street update']);
  });

  it.each(['loaded', 'referenced'])('are deleted, or let go, with a %s entity', async (how) => {
    app.em.remove(
      how === 'loaded' ? await app.em.findOneOrFail(Country, 1) : app.em.getReference(Country, 1),
    );
    await app.em.flush();
    expect((await newest()).sort()).toEqual(['City update', 'Country delete', 'Street delete']);
  });

  it('are not looked at when something else changes', async () => {
    const country = await app.em.findOneOrFail(Country, 1);
    app.statements.take();
    country.name = 'B';
    await app.em.flush();
    expect(app.statements.take().map(verbOf)).toEqual(['begin', 'update', 'audit', 'commit']);
  });
});
