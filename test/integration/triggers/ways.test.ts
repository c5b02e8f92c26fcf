import { expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { WAYS_PAST_THE_TRAIL } from '../../docs/ways-past-the-trail.js';
import { orderEntities } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { withTriggers } from '../../support/with-triggers.js';

const audited = useAuditedApp({
  entities: orderEntities,
  oracle: ordersOracle,
  orm: withTriggers({ truncate: 'record' }),
  verify: { folded: true },
});

const ANNA = { type: 'user', id: 'anna', label: 'Anna */ \u{1f600}' } as const;

it.each(Object.entries(WAYS_PAST_THE_TRAIL))(
  '%s is recorded, with who and why',
  async (way, { before, write }) => {
    const { context, orm, statements } = audited;
    if (way === '`truncate`') {
      // No trigger of a row sees it, that of the oracle included.
      audited.skipOracle();
    }
    const first = orm.em.fork() as EntityManager;
    await before?.(first);
    await first.flush();
    const earlier = await changes();
    statements.take();
    await context.run({ actor: ANNA, reason: "it's /* due */" }, () => write(orm.em.fork() as EntityManager));
    const sent = statements.take();
    expect(sent.filter((sql) => sql.includes('audit_change'))).toEqual([]);
    const made = (await changes()).slice(earlier.length);
    expect(made.length).toBeGreaterThan(0);
    for (const change of made) {
      expect(change).toMatchObject({
        actor_type: 'user',
        actor_id: 'anna',
        actor_label: ANNA.label,
        reason: "it's /* due */",
      });
    }
  },
);

it('is one revision for each transaction, in the order of what happened', async () => {
  const { context, orm } = audited;
  await context.run({ actor: ANNA }, () =>
    orm.em.fork().transactional(async (em) => {
      for (const { before, write } of Object.values(WAYS_PAST_THE_TRAIL).slice(0, 4)) {
        await before?.(em as EntityManager);
        await em.flush();
        await write(em as EntityManager);
      }
    }),
  );
  const made = await changes();
  expect(new Set(made.map(({ revision }) => revision)).size).toBe(1);
});

async function changes(): Promise<readonly Record<string, unknown>[]> {
  return audited.orm.em
    .fork()
    .execute(
      'select *, coalesce(revision_id, id) as revision from audit_change where entity_type is not null order by id',
    );
}
