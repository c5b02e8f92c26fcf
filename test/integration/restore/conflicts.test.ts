import { describe, expect, it } from '@jest/globals';
import { Department, Employee } from '../../support/fixtures/office.js';
import { ofKind, told, useOffice } from './use-office.js';

const { audited, newestRevision, hire } = useOffice();

describe('a plan says', () => {
  it('that a revision to undo was built upon, is gone, or is undone already', async () => {
    const { em, department, employee } = await hire();
    department.name = 'Sales';
    await em.flush();
    const renamed = await newestRevision();
    department.name = 'Support';
    await em.flush();
    const later = await newestRevision();
    const plan = await audited.restorer.planUndo(renamed);
    expect(ofKind(plan, 'changed-since')).toMatchObject([
      { path: 'name', severity: 'blocking', revisionId: later },
    ]);
    await audited.restorer.apply(await audited.restorer.planUndo(renamed, { accept: ['changed-since'] }));
    expect((await audited.orm.em.fork().findOneOrFail(Department, department.id)).name).toBe('Research');
    const done = await audited.restorer.planUndo(renamed);
    expect(done.steps).toMatchObject([{ operation: 'none' }]);
    expect(await audited.restorer.apply(done)).toMatchObject({ revisionId: null });
    const other = audited.orm.em.fork();
    other.remove(await other.findOneOrFail(Employee, employee.id));
    await other.flush();
    const deleted = await newestRevision();
    other.remove(await other.findOneOrFail(Department, department.id));
    await other.flush();
    expect(told(await audited.restorer.planUndo(renamed))).toEqual([['entity-gone', null, 'blocking']]);
    await audited.restorer.apply(await audited.restorer.planUndelete(Department, 1, {}));
    await audited.restorer.apply(await audited.restorer.planUndo(deleted, { accept: ['value-unknown'] }));
    await audited.oracle.verify();
    expect(told(await audited.restorer.planUndo(deleted))).toEqual([['entity-exists', null, 'blocking']]);
  });
});
