import { describe, expect, it } from '@jest/globals';
import type { EntityClass, Primary } from '@mikro-orm/core';
import { Department, Employee, Skill } from '../../support/fixtures/office.js';
import { ofKind, useOffice } from './use-office.js';

const { audited, newestRevision, hire } = useOffice();

/** Writes past the library. */
function sneak(sql: string): Promise<unknown> {
  audited.skipOracle();
  return audited.orm.em.fork().getConnection().execute(sql);
}

async function remove<Entity extends object>(entity: EntityClass<Entity>, id: number): Promise<void> {
  const em = audited.orm.em.fork();
  em.remove(em.getReference(entity, id as Primary<Entity>));
  await em.flush();
}

describe('after a write that is not recorded', () => {
  it('an undelete restores what the delete has found, and says so', async () => {
    const { employee } = await hire();
    await sneak(`update employee set name = 'Berta', hooked_by = 'migration'`);
    await remove(Employee, employee.id);
    const deleted = await newestRevision();
    const plan = await audited.restorer.planUndelete(Employee, employee.id, { accept: ['value-unknown'] });
    expect(ofKind(plan, 'history-gap')).toMatchObject([
      { path: 'name', severity: 'notice', revisionId: deleted },
      { path: 'sign', severity: 'notice', revisionId: deleted },
    ]);
    await audited.restorer.apply(plan);
    expect(await audited.orm.em.fork().findOneOrFail(Employee, employee.id)).toMatchObject({
      name: 'Berta',
      hookedBy: 'migration',
    });
  });

  it('an undelete restores the links that the delete has found, also none', async () => {
    const { em, employee } = await hire();
    const [tea, chess] = [em.create(Skill, { name: 'tea' }), em.create(Skill, { name: 'chess' })];
    employee.skills.add(tea);
    await em.flush();
    const undeleted = async () => {
      await remove(Employee, employee.id);
      const plan = await audited.restorer.planUndelete(Employee, employee.id, { accept: ['value-unknown'] });
      await audited.restorer.apply(plan);
      const found = await audited.orm.em
        .fork()
        .findOneOrFail(Employee, employee.id, { populate: ['skills'] });
      return [ofKind(plan, 'history-gap').map(({ path }) => path), found.skills.getIdentifiers('id')];
    };
    await sneak(`update employee_skills set skill_id = ${chess.id}`);
    expect(await undeleted()).toEqual([['skills'], [chess.id]]);
    await sneak('delete from employee_skills');
    expect(await undeleted()).toEqual([['skills'], []]);
    await sneak(`insert into employee_skills (employee_id, skill_id) values (1, ${tea.id})`);
    expect(await undeleted()).toEqual([['skills'], [tea.id]]);
  });

  it('what the delete of the parent took along is restored as the delete has found it', async () => {
    const { department, employee } = await hire();
    await sneak(`update employee set name = 'Berta'`);
    await remove(Department, department.id);
    const plan = await audited.restorer.planUndelete(Department, department.id, {
      withChildren: true,
      accept: ['value-unknown'],
    });
    await audited.restorer.apply(plan);
    expect((await audited.orm.em.fork().findOneOrFail(Employee, employee.id)).name).toBe('Berta');
  });

  it('the state before a revision is the one that it has found', async () => {
    const { department, hired } = await hire();
    await sneak(`update department set name = 'Laboratory'`);
    const fresh = audited.orm.em.fork();
    (await fresh.findOneOrFail(Department, department.id)).name = 'Sales';
    await fresh.flush();
    const restored = async (to: { revision: string } | { beforeRevision: string }) => {
      const plan = await audited.restorer.plan(Department, department.id, { to });
      return [plan.steps[0]?.values.map(({ after }) => after), ofKind(plan, 'history-gap').length];
    };
    expect(await restored({ beforeRevision: await newestRevision() })).toEqual([['Laboratory'], 1]);
    expect(await restored({ revision: hired })).toEqual([['Research'], 0]);
  });

  it('an undelete restores a row that something unaudited had put back before its last delete', async () => {
    const { em } = await hire();
    const skill = em.create(Skill, { name: 'tea' });
    await em.flush();
    await remove(Skill, skill.id);
    await sneak(`insert into skill (id, name) values (${skill.id}, 'chess')`);
    await remove(Skill, skill.id);
    await audited.restorer.apply(await audited.restorer.planUndelete(Skill, skill.id));
    expect((await audited.orm.em.fork().findOneOrFail(Skill, skill.id)).name).toBe('chess');
  });

  it('a mask that came later is no contradiction', async () => {
    const { employee } = await hire();
    await sneak(
      `update audit_change set after = jsonb_set(after, '{iban}', '"DE0012345678"') where entity_type = 'employee'`,
    );
    await remove(Employee, employee.id);
    const plan = await audited.restorer.planUndelete(Employee, employee.id);
    expect(ofKind(plan, 'history-gap')).toEqual([]);
    expect(plan.steps[0]?.values).toEqual(
      expect.arrayContaining([{ path: 'iban', after: 'DE0012345678', labels: {} }]),
    );
  });
});
