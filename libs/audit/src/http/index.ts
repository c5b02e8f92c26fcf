export { AuditExportError } from '../errors/export-errors.js';
export type { AuditAccess, AuditPermission, EntityAccess } from './access/audit-access.js';
export { AuditAccessPolicy } from './access/audit-access-policy.js';
export { AuditHttpModule } from './audit-http.module.js';
export type {
  AuditAccessProvider,
  AuditHttpAsyncOptions,
  AuditHttpOptions,
  AuditHttpSettings,
  ViewerOptions,
} from './audit-http-options.js';
export type { ExportManifest } from './export/export-manifest.js';
export {
  AuditExportReader,
  type ExportedAction,
  type ExportedChange,
  type ExportReadOptions,
} from './export/export-reader.js';
export type { LeftOut } from './gate/left-out.js';
export type { RestoredView } from './gate/restore-gate.js';
export type { HttpLimits } from './limits/http-limits.js';
export { AuditExceptionFilter } from './problem/audit-exception.filter.js';
export type { Problem } from './problem/problem.js';
export type { AccessView, EntityAccessView, PermissionsView, PropertyView } from './view/access-view.js';
export type { ActivityView } from './view/activity-view.js';
export type { BlameView, ChangeOfRevisionView, ChangeView, FieldView } from './view/change-view.js';
export type { CoverageView } from './view/coverage-view.js';
export type { RevisionBriefView, RevisionSummaryView, RevisionView } from './view/revision-view.js';
export type { SealView } from './view/seal-view.js';
export type { StateView } from './view/state-view.js';
