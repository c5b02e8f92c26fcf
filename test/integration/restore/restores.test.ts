import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import { HistoryUnavailableError, InvalidQueryError } from 'nestjs-mikro-audit';
import { Department, Employee, Skill } from '../../support/fixtures/office.js';
import { useOffice } from './use-office.js';

const { audited, hire } = useOffice();

describe('a restore', () => {
  it('to a time before the entity existed deletes it', async () => {
    const { em, department } = await hire();
    em.create(Skill, { name: 'tea' });
    await em.flush();
    const plan = await audited.restorer.plan(Skill, 1, { to: new Date(0) });
    expect(plan.steps).toMatchObject([
      { operation: 'delete', values: expect.arrayContaining([{ path: 'name', before: 'tea', labels: {} }]) },
    ]);
    await audited.restorer.apply(plan);
    await audited.oracle.verify();
    expect(await em.fork().count(Skill)).toBe(0);
    expect(department.id).toBe(1);
  });

  it('brings back the children deleted with it, in the order of foreign keys, and reattaches the detached ones', async () => {
    const { em, department, employee } = await hire();
    const lab = em.create(Department, { name: 'Lab', parent: ref(department) });
    em.create(Employee, { name: 'Boris', badge: 2, department: ref(department) });
    const skill = em.create(Skill, { name: 'tea' });
    employee.skills.add(skill);
    await em.flush();
    const fresh = audited.orm.em.fork();
    fresh.remove(fresh.getReference(Department, department.id));
    await fresh.flush();
    const plan = await audited.restorer.planUndelete(Department, department.id, {
      withChildren: true,
      accept: ['value-unknown'],
    });
    expect(plan.steps.map(({ entityType, operation }) => [entityType, operation])).toEqual([
      ['department', 'create'],
      ['employee', 'create'],
      ['employee', 'create'],
      ['department', 'update'],
    ]);
    await audited.restorer.apply(plan);
    await audited.oracle.verify();
    const after = audited.orm.em.fork();
    const back = await after.findOneOrFail(Department, department.id, {
      populate: ['employees', 'employees.skills'],
    });
    expect(back.employees.getItems().map(({ name, skills }) => [name, skills.count()])).toEqual([
      ['Anna', 1],
      ['Boris', 0],
    ]);
    expect((await after.findOneOrFail(Department, lab.id)).parent?.id).toBe(department.id);
  });

  it('does not guess where history does not begin with the creation', async () => {
    audited.skipOracle();
    const em = audited.orm.em.fork();
    await em.insert(Skill, { id: 50, name: 'old' });
    await expect(audited.restorer.plan(Skill, 50, { to: new Date(0) })).rejects.toThrow(
      HistoryUnavailableError,
    );
    await em.nativeDelete(Skill, { id: 50 });
  });

  it.each([
    [
      'properties that are not recorded',
      () => audited.restorer.plan(Employee, 1, { to: new Date(), property: ['visits'] }),
    ],
    [
      'a revision that does not exist',
      () => audited.restorer.plan(Employee, 1, { to: { beforeRevision: '999999' } }),
    ],
    ['an invalid date', () => audited.restorer.plan(Employee, 1, { to: new Date(Number.NaN) })],
    ['undeleting what is not deleted', () => audited.restorer.planUndelete(Employee, 1)],
    ['undoing what never was', () => audited.restorer.planUndo('999999')],
    ['a token that is none', () => audited.restorer.apply({ token: 'r1.bm9uc2Vuc2U' })],
    ['a token without a plan', () => audited.restorer.review('')],
  ])('refuses %s', async (_what, ask) => {
    await expect(ask()).rejects.toThrow(InvalidQueryError);
  });
});
