import type { DoctorFinding } from '../../coverage/doctor/doctor-finding.js';
import type { CheckStatus } from '../../coverage/health/audit-health.js';
import type {
  CoverageReport,
  EntityCoverage,
  TrailCoverage,
  UnauditedEntity,
} from '../../coverage/report/audit-coverage.js';
import type { ReaderAccess } from '../access/reader-access.js';

/** The coverage of the database. */
export interface CoverageView {
  readonly entities: readonly EntityCoverage[];
  /** Entities in no policy; null for a reader of some entities only. */
  readonly unaudited: readonly UnauditedEntity[] | null;
  /** Those about the database as a whole only for a reader of everything. */
  readonly findings: readonly DoctorFinding[];
  /** Null for a reader of some entities only. */
  readonly checks: readonly CheckStatus[] | null;
  /** Null for a reader of some entities only. */
  readonly trails: readonly TrailCoverage[] | null;
}

/** As much of a report as a reader may see. */
export function coverageView(reader: ReaderAccess, report: CoverageReport): CoverageView {
  const isShown = (entityType: string) => reader.mayOnWhole('coverage', entityType);
  const seesAll = reader.scope('coverage') === undefined;
  return {
    entities: report.entities.filter(({ entityType }) => isShown(entityType)),
    findings: report.findings.filter(({ entityType }) =>
      entityType === null ? seesAll : isShown(entityType),
    ),
    unaudited: seesAll ? report.unaudited : null,
    checks: seesAll ? report.checks : null,
    trails: seesAll ? report.trails : null,
  };
}
