import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import { StalePlanError } from 'nestjs-mikro-audit';
import { Department, Employee, office, officeOracle, Skill } from '../../support/fixtures/office.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const audited = useAuditedApp({ entities: office, oracle: officeOracle });

async function newestRevision(): Promise<string> {
  const { items } = await audited.reader.revisions({ limit: 1 });
  return items[0]?.id ?? '';
}

/** An employee that was renamed, and the plan to take that back. */
async function renamed() {
  const em = audited.orm.em.fork();
  const department = em.create(Department, { name: 'Research' });
  const employee = em.create(Employee, { name: 'Anna', badge: 1, department: ref(department) });
  employee.skills.add(em.create(Skill, { name: 'tea' }));
  await em.flush();
  const revision = await newestRevision();
  employee.name = 'Anna Berg';
  await em.flush();
  const plan = await audited.restorer.plan(Employee, employee.id, { to: { revision } });
  return { em: audited.orm.em.fork(), id: employee.id, plan };
}

/** Resolves when a statement of the application waits for a lock. */
async function somebodyWaits(): Promise<void> {
  const em = audited.orm.em.fork();
  const sql = `select count(*)::int as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  for (let waiting = 0; waiting === 0; ) {
    const rows: readonly { readonly waiting: number }[] = await em.getConnection().execute(sql);
    waiting = rows[0]?.waiting ?? 0;
  }
}

const nameOf = async (id: number) => (await audited.orm.em.fork().findOneOrFail(Employee, id)).name;

describe('a plan is refused', () => {
  it.each([
    [
      'when one of its entities was changed since',
      async (id: number) => {
        const em = audited.orm.em.fork();
        (await em.findOneOrFail(Employee, id)).badge = 2;
        await em.flush();
      },
    ],
    [
      'when it was changed and changed back since',
      async (id: number) => {
        const em = audited.orm.em.fork();
        const employee = await em.findOneOrFail(Employee, id);
        for (const badge of [2, 1]) {
          employee.badge = badge;
          await em.flush();
        }
      },
    ],
    [
      'when something unaudited has changed its row',
      (id: number) => {
        audited.skipOracle();
        return audited.orm.em.fork().nativeUpdate(Employee, id, { badge: 3 });
      },
    ],
    [
      'when something unaudited has changed its links',
      () => {
        audited.skipOracle();
        return audited.orm.em.fork().getConnection().execute('delete from employee_skills');
      },
    ],
    [
      'when it was deleted since',
      async (id: number) => {
        const em = audited.orm.em.fork();
        em.remove(await em.findOneOrFail(Employee, id));
        await em.flush();
      },
    ],
  ])('%s', async (_when, interfere) => {
    const { id, plan } = await renamed();
    await interfere(id);
    const newest = await newestRevision();
    await expect(audited.restorer.apply(plan)).rejects.toThrow(StalePlanError);
    await expect(audited.restorer.review(plan.token)).rejects.toThrow(StalePlanError);
    expect(await newestRevision()).toBe(newest);
  });

  it('when a change that began before it commits while it waits for the row', async () => {
    const { em, id, plan } = await renamed();
    await em.begin();
    (await em.findOneOrFail(Employee, id)).name = 'Anna Lind';
    await em.flush();
    const restore = audited.restorer.apply(plan);
    restore.catch(() => undefined);
    await somebodyWaits();
    await em.commit();
    await expect(restore).rejects.toThrow(StalePlanError);
    expect(await nameOf(id)).toBe('Anna Lind');
  });

  it('for the second of two that undelete the same at once', async () => {
    const { em, id } = await renamed();
    em.remove(await em.findOneOrFail(Employee, id));
    await em.flush();
    const plan = await audited.restorer.planUndelete(Employee, id);
    const results = await Promise.allSettled([1, 2, 3].map(() => audited.restorer.apply(plan)));
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason).toBeInstanceOf(StalePlanError);
      }
    }
  });

  it('when its token was made for something else, or tampered with', async () => {
    const { id, plan } = await renamed();
    const [prefix, body = '', signature] = plan.token.split('.');
    const [request, ...digest] = JSON.parse(Buffer.from(body, 'base64url').toString());
    const forged = (other: unknown) =>
      `${prefix}.${Buffer.from(JSON.stringify(other)).toString('base64url')}.${signature}`;
    for (const token of [
      forged([{ ...request, entityType: 'skill', entityId: '1' }, ...digest]),
      forged([{ ...request, accept: ['changed-since'] }, ...digest]),
      forged([request, ...digest.reverse()]),
    ]) {
      await expect(audited.restorer.apply({ token })).rejects.toThrow(
        /was changed, or was made by a process with another key/,
      );
    }
    expect(audited.restorer.requestOf(plan.token)).toEqual(plan.request);
    expect(await nameOf(id)).toBe('Anna Berg');
  });
});

describe('a plan is carried out', () => {
  it('although ignored properties have changed', async () => {
    const { id, plan } = await renamed();
    await audited.orm.em.fork().getConnection().execute('update employee set visits = 100');
    await audited.restorer.apply(plan);
    expect(await nameOf(id)).toBe('Anna');
  });

  it('inside the transaction of the caller, whose rollback takes it back', async () => {
    const { em, id, plan } = await renamed();
    await em.begin();
    expect(await audited.restorer.apply(plan, { em })).toMatchObject({ revisionId: null });
    await em.rollback();
    expect(await nameOf(id)).toBe('Anna Berg');
    await em.transactional(async () => {
      await audited.restorer.apply(plan);
    });
    expect(await nameOf(id)).toBe('Anna');
    await audited.oracle.verify();
    const { items } = await audited.reader.history(Employee, id, { limit: 1 });
    expect(items[0]?.revision.restoredRevisionId).toBe(plan.restoredRevisionId);
  });
});

describe('however many entities there are', () => {
  async function statementsFor(count: number) {
    await audited.oracle.clear();
    const em = audited.orm.em.fork();
    const department = em.create(Department, { name: 'Research' });
    const skill = em.create(Skill, { name: 'tea' });
    for (let badge = 0; badge < count; badge += 1) {
      const employee = em.create(Employee, { name: `E${badge}`, badge, department: ref(department) });
      employee.skills.add(skill);
    }
    await em.flush();
    em.remove(await em.fork().findOneOrFail(Department, department.id));
    await em.flush();
    audited.statements.take();
    const plan = await audited.restorer.planUndelete(Department, department.id, { withChildren: true });
    const planning = audited.statements.take().length;
    await audited.restorer.apply(plan);
    const applying = audited.statements.take().length;
    expect(plan.steps).toHaveLength(count + 1);
    return { planning, applying };
  }

  it('planning and applying send the same few statements', async () => {
    const few = await statementsFor(2);
    const many = await statementsFor(400);
    expect(many.planning).toBe(few.planning);
    expect(few.planning).toBeLessThanOrEqual(18);
    // MikroORM inserts in batches of 300.
    expect(many.applying - few.applying).toBeLessThanOrEqual(12);
  });
});
