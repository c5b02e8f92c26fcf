import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import { Department, Employee } from '../../support/fixtures/office.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Account, Money, odd } from './special-mappings.js';
import { useOffice } from './use-office.js';

describe('what is older than auditing', () => {
  const { audited, hire } = useOffice();

  /** Everything so far was there before auditing began. */
  async function forget(): Promise<void> {
    audited.skipOracle();
    await audited.orm.em.fork().getConnection().execute('delete from audit_change');
  }

  async function removeDepartment(id: number): Promise<void> {
    const em = audited.orm.em.fork();
    em.remove(await em.findOneOrFail(Department, id));
    await em.flush();
  }

  it('comes back with its children when only their deletes are recorded', async () => {
    const { em, department, employee } = await hire();
    await forget();
    const later = em.create(Employee, { name: 'Late', badge: 2, department: ref(department) });
    await em.flush();
    await removeDepartment(department.id);
    const plan = await audited.restorer.planUndelete(Department, department.id, {
      withChildren: true,
      accept: ['value-unknown'],
    });
    expect(plan.steps.map((step) => `${step.operation} ${step.entityType} ${step.entityId}`).sort()).toEqual([
      `create department ${department.id}`,
      `create employee ${employee.id}`,
      `create employee ${later.id}`,
    ]);
    await audited.restorer.apply(plan);
    const back = await audited.orm.em
      .fork()
      .findOneOrFail(Department, department.id, { populate: ['employees'] });
    expect(back.name).toBe('Research');
    expect(back.employees.getItems().map(({ name }) => name)).toEqual(['Anna', 'Late']);
  });

  it('is set back to what its first recorded change found, and keeps what is not known', async () => {
    const { em, employee } = await hire();
    await forget();
    const before = new Date();
    await new Promise((resolve) => setTimeout(resolve, 5));
    employee.name = 'Berta';
    await em.flush();
    const plan = await audited.restorer.plan(Employee, employee.id, { to: before });
    expect(plan.steps[0]?.values.map(({ path, after }) => [path, after])).toEqual([
      ['name', 'Anna'],
      ['hookedBy', null],
    ]);
    await audited.restorer.apply(plan);
    expect(await em.fork().findOneOrFail(Employee, employee.id)).toMatchObject({ name: 'Anna', badge: 1 });
  });

  it('does not keep its parent from being restored with children, and is left as it is', async () => {
    const { em, department, employee } = await hire();
    await forget();
    department.name = 'Sales';
    await em.flush();
    const {
      items: [first],
    } = await audited.reader.revisions({ limit: 1 });
    department.name = 'Support';
    await em.flush();
    const plan = await audited.restorer.plan(Department, department.id, {
      to: { revision: first?.id ?? '' },
      withChildren: true,
    });
    expect(plan.steps.map((step) => [step.operation, step.entityId])).toEqual([
      ['update', String(department.id)],
      ['none', String(employee.id)],
    ]);
  });
});

describe('a tree that is older than auditing', () => {
  const audited = useAuditedApp({
    entities: odd,
    oracle: { entities: [{ entity: Account, name: 'account' }] },
  });

  it('comes back level by level from the deletes that a cascade has made', async () => {
    const em = audited.orm.em.fork();
    const balance = new Money(1);
    const root = em.create(Account, { title: 'root', balance });
    const child = em.create(Account, { title: 'child', balance, parent: ref(root) });
    em.create(Account, { title: 'grandchild', balance, parent: ref(child) });
    await em.flush();
    audited.skipOracle();
    await em.getConnection().execute('delete from audit_change');
    const rows = 'select id, title, parent_id from account order by id';
    const was = await em.getConnection().execute(rows);
    const fresh = audited.orm.em.fork();
    fresh.remove(await fresh.findOneOrFail(Account, root.id));
    await fresh.flush();
    await audited.restorer.apply(
      await audited.restorer.planUndelete(Account, root.id, { withChildren: true }),
    );
    expect(await em.getConnection().execute(rows)).toEqual(was);
  });
});
