import { ref } from '@mikro-orm/core';
import { type RestoreConflict, type RestorePlan } from 'nestjs-mikro-audit';
import { Department, Employee, office, officeOracle } from '../../support/fixtures/office.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

export const told = ({ conflicts }: RestorePlan) =>
  conflicts.map(({ kind, path, severity }) => [kind, path, severity]);

export const ofKind = <Kind extends RestoreConflict['kind']>({ conflicts }: RestorePlan, kind: Kind) =>
  conflicts.filter(
    (conflict): conflict is Extract<RestoreConflict, { kind: Kind }> => conflict.kind === kind,
  );

/** The office, with an employee to hire, and what a plan tells. */
export function useOffice() {
  const audited = useAuditedApp({
    entities: office,
    options: { maxValueBytes: 1_024 },
    oracle: officeOracle,
  });

  async function newestRevision(): Promise<string> {
    const { items } = await audited.reader.revisions({ limit: 1 });
    return items[0]?.id ?? '';
  }

  async function hire() {
    const em = audited.orm.em.fork();
    const department = em.create(Department, { name: 'Research' });
    const employee = em.create(Employee, {
      name: 'Anna',
      badge: 1,
      department: ref(department),
      iban: 'DE0012345678',
    });
    await em.flush();
    return { em, department, employee, hired: await newestRevision() };
  }

  return { audited, newestRevision, hire };
}
