import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import { RestoreConflictError } from 'nestjs-mikro-audit';
import { Department, Desk, Employee, SecretFile, Skill } from '../../support/fixtures/office.js';
import { ofKind, told, useOffice } from './use-office.js';

const { audited, newestRevision, hire } = useOffice();

describe('a plan says', () => {
  it('who changed the values since, and which ones are never set back', async () => {
    const { em, employee, hired } = await hire();
    employee.name = 'Anna Berg';
    await audited.context.run({ actor: { type: 'user', id: 'u1', label: 'Boris' } }, () => em.flush());
    const changed = await newestRevision();
    const plan = await audited.restorer.plan(Employee, employee.id, { to: { revision: hired } });
    expect(plan.steps).toEqual([
      {
        entityType: 'employee',
        entityId: String(employee.id),
        label: 'Anna Berg',
        operation: 'update',
        values: [
          { path: 'name', before: 'Anna Berg', after: 'Anna', labels: {} },
          { path: 'hookedBy', before: 'beforeUpdate', after: null, labels: {} },
        ],
      },
    ]);
    expect(told(plan).map(String).sort()).toEqual([
      'changed-since,hookedBy,notice',
      'changed-since,name,notice',
      'computed,sign,notice',
      'computed,updatedAt,notice',
      'lock-version,version,notice',
    ]);
    expect(ofKind(plan, 'changed-since')[0]).toMatchObject({
      revisionId: changed,
      actor: { type: 'user', id: 'u1', label: 'Boris' },
    });
    await audited.restorer.apply(plan, { reason: 'wrong name' });
    await audited.oracle.verify();
    const after = await audited.orm.em.fork().findOneOrFail(Employee, employee.id);
    // The hook runs, the version goes on, the database computes.
    expect(after).toMatchObject({ name: 'Anna', hookedBy: 'beforeUpdate', version: 3, sign: 'ANNA' });
    expect(after.updatedAt.getTime()).toBeGreaterThanOrEqual(employee.updatedAt.getTime());
    const { items } = await audited.reader.history(Employee, employee.id, { limit: 1 });
    expect(items[0]?.revision).toMatchObject({ reason: 'wrong name', restoredRevisionId: hired });
  });

  it('that a row differs from the trail', async () => {
    audited.skipOracle();
    const { employee, hired } = await hire();
    await audited.orm.em.fork().nativeUpdate(Employee, employee.id, { name: 'Nobody' });
    const plan = await audited.restorer.plan(Employee, employee.id, {
      to: { revision: hired },
      property: ['name'],
    });
    expect(told(plan)).toEqual([['changed-unrecorded', 'name', 'notice']]);
  });

  it('that targets are gone; accepted, references become null and links are left out', async () => {
    const { em, department, employee } = await hire();
    const other = em.create(Department, { name: 'Sales' });
    const skills = [em.create(Skill, { name: 'tea' }), em.create(Skill, { name: 'talk' })];
    await em.flush();
    employee.second = ref(other);
    employee.skills.set(skills);
    await em.flush();
    const then = await newestRevision();
    employee.second = ref(department);
    await em.flush();
    em.remove([other, skills[0] as Skill]);
    await em.flush();
    const to = { revision: then };
    const plan = await audited.restorer.plan(Employee, employee.id, {
      to,
      property: ['second', 'skills'],
    });
    expect(plan.blocked).toBe(true);
    expect(
      ofKind(plan, 'target-gone').map(({ path, targetType, targetIds }) => [path, targetType, targetIds]),
    ).toEqual([
      ['second', 'department', [String(other.id ?? 2)]],
      ['skills', 'skill', ['1']],
    ]);
    expect(plan.steps[0]?.values[0]?.labels).toEqual({ 1: 'Research', 2: 'Sales' });
    await expect(audited.restorer.apply(plan)).rejects.toThrow(RestoreConflictError);
    const accepted = await audited.restorer.plan(Employee, employee.id, {
      to,
      property: ['second', 'skills'],
      accept: ['target-gone'],
    });
    expect(accepted.blocked).toBe(false);
    await audited.restorer.apply(accepted);
    await audited.oracle.verify();
    const after = await audited.orm.em.fork().findOneOrFail(Employee, employee.id, { populate: ['skills'] });
    expect(after.second).toBeNull();
    expect(after.skills.getItems().map(({ id }) => id)).toEqual([2]);
  });

  it('that a required target is gone, which cannot be accepted', async () => {
    const { em, department, employee } = await hire();
    em.remove(employee);
    await em.flush();
    em.remove(department);
    await em.flush();
    const plan = await audited.restorer.planUndelete(Employee, employee.id ?? 1, { accept: ['target-gone'] });
    expect(ofKind(plan, 'target-gone')).toMatchObject([
      { path: 'department', severity: 'blocking', acceptable: false },
    ]);
  });

  it('that unique values, alone or together, and keys are taken', async () => {
    const { em, department, employee, hired } = await hire();
    department.name = 'Old research';
    employee.badge = 0;
    await em.flush();
    em.create(Department, { name: 'Research' });
    em.create(Employee, { name: 'Boris', badge: 1, department: ref(department) });
    await em.flush();
    const named = await audited.restorer.plan(Department, department.id, { to: { revision: hired } });
    expect(ofKind(named, 'unique-taken')).toMatchObject([
      { paths: ['name'], holderId: '2', severity: 'blocking', acceptable: false },
    ]);
    const badged = await audited.restorer.plan(Employee, employee.id, { to: { revision: hired } });
    expect(ofKind(badged, 'unique-taken')).toMatchObject([{ paths: ['department', 'badge'], holderId: '2' }]);
    em.remove(employee);
    await em.flush();
    em.create(Employee, { name: 'Carla', badge: 0, department: ref(department) });
    await em.flush();
    const undelete = await audited.restorer.planUndelete(Employee, 1);
    expect(ofKind(undelete, 'unique-taken')).toMatchObject([
      { paths: ['department', 'badge'], holderId: '3' },
    ]);
  });

  it('which values are masked or cut: they stay as they are, or have to be accepted for a new row', async () => {
    const { em, employee, hired } = await hire();
    employee.iban = 'DE0099999999';
    await em.flush();
    const set = await audited.restorer.plan(Employee, employee.id, {
      to: { revision: hired },
      property: ['iban'],
    });
    expect(told(set)).toEqual([['value-unknown', 'iban', 'notice']]);
    expect(set.steps).toMatchObject([{ operation: 'none', values: [] }]);
    const id = employee.id;
    em.remove(employee);
    await em.flush();
    const plan = await audited.restorer.planUndelete(Employee, id);
    expect(
      ofKind(plan, 'value-unknown').map(({ path, reason, becomes, severity }) => [
        path,
        reason,
        becomes,
        severity,
      ]),
    ).toEqual([
      ['iban', 'masked', 'null', 'blocking'],
      ['visits', 'not-audited', 'default', 'notice'],
    ]);
    expect(JSON.stringify(plan)).not.toContain('DE0099999999');
    await audited.restorer.apply(
      await audited.restorer.planUndelete(Employee, id, { accept: ['value-unknown'] }),
    );
    await audited.oracle.verify();
    const after = await audited.orm.em.fork().findOneOrFail(Employee, id);
    // A new row begins with the first lock version.
    expect(after).toMatchObject({ iban: null, visits: 7, version: 1, name: 'Anna' });
  });

  it('which required values a new row lacks', async () => {
    const em = audited.orm.em.fork();
    const file = em.create(SecretFile, { content: 'top', note: 'x'.repeat(4_000) });
    await em.flush();
    const { id } = file;
    file.note = 'y'.repeat(4_000);
    await em.flush();
    const revision = await newestRevision();
    em.remove(file);
    await em.flush();
    const plan = await audited.restorer.plan(SecretFile, id, {
      to: { revision },
      accept: ['value-unknown'],
    });
    expect(told(plan)).toEqual([
      ['changed-since', null, 'notice'],
      ['value-unknown', 'content', 'blocking'],
      ['value-unknown', 'note', 'accepted'],
    ]);
    expect(plan.blocked).toBe(true);
  });

  it('which rows refer to the deleted ones, and how the database treats them', async () => {
    const { em, department, employee } = await hire();
    const revision = await newestRevision();
    const child = em.create(Department, { name: 'Lab', parent: ref(department) });
    const desk = em.create(Desk, { department: ref(department) });
    await em.flush();
    const plan = await audited.restorer.planUndo(revision);
    const found = ofKind(plan, 'still-referenced').map(({ fromType, fromIds, effect, acceptable }) => [
      fromType,
      fromIds,
      effect,
      acceptable,
    ]);
    expect(found).toEqual(
      expect.arrayContaining([
        ['department', [String(child.id)], 'detached', true],
        ['Desk', [String(desk.id)], 'refused', false],
      ]),
    );
    expect(found).toHaveLength(2);
    em.remove(desk);
    await em.flush();
    await audited.restorer.apply(await audited.restorer.planUndo(revision, { accept: ['still-referenced'] }));
    await audited.oracle.verify();
    expect(await audited.orm.em.fork().count(Employee, { id: employee.id })).toBe(0);
    expect((await audited.orm.em.fork().findOneOrFail(Department, child.id)).parent).toBeNull();
  });
});
