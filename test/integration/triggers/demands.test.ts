import { expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy, MissingActorError, MissingReasonError } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { withTriggers } from '../../support/with-triggers.js';

const DrugSchema = defineEntity({
  name: 'Drug',
  properties: { id: p.integer().primary(), '#': p.string().nullable() },
});
class Drug extends DrugSchema.class {}
DrugSchema.setClass(Drug);

const RecipeSchema = defineEntity({
  name: 'Recipe',
  properties: { id: p.integer().primary(), text: p.string(), drugs: () => p.manyToMany(Drug) },
});
class Recipe extends RecipeSchema.class {}
RecipeSchema.setClass(Recipe);

const policies = [auditPolicy(Drug), auditPolicy(Recipe, { requireActor: true, requireReason: true })];
const audited = useAuditedApp({
  entities: [Drug, Recipe],
  options: { policies },
  orm: withTriggers({ policies }),
  verify: { folded: true },
});
const ANNA = { type: 'user', id: 'anna', label: null } as const;

it.each([
  ['its table', `insert into recipe (id, text) values (1, 'a')`],
  ['the table of its links', 'delete from recipe_drugs'],
])('a class that demands an actor and a reason demands them of SQL on %s', async (_, sql) => {
  const { context, orm } = audited;
  const write = () => orm.em.fork().execute(sql);
  await expect(write()).rejects.toThrow(MissingActorError);
  await expect(context.run({ actor: ANNA }, write)).rejects.toThrow(MissingReasonError);
  await context.run({ actor: ANNA, reason: 'asked for' }, write);
});

it('an entity that is inserted by itself is recorded once', async () => {
  const em = audited.orm.em.fork();
  await em.insert(em.create(Drug, { id: 1, '#': 'a' }, { persist: false }));
  await em.nativeUpdate(Drug, 1, { '#': 'b' });
  const changes = await em.execute(
    `select before ->> '#' as was, after ->> '#' as now from audit_change order by id`,
  );
  expect(changes).toEqual([
    { was: null, now: 'a' },
    { was: 'a', now: 'b' },
  ]);
});
