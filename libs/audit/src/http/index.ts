export type { AuditAccess, AuditAction, EntityAccess } from './access/audit-access.js';
export { AuditAccessPolicy } from './access/audit-access-policy.js';
export { AuditHttpModule } from './audit-http.module.js';
export type { AuditAccessProvider, AuditHttpOptions } from './audit-http-options.js';
export type { Problem } from './problem/problem.js';
export type { AccessView, ActionsView, EntityAccessView, PropertyView } from './view/access-view.js';
export type { BlameView, ChangeOfRevisionView, ChangeView, FieldView } from './view/change-view.js';
export type { RevisionSummaryView, RevisionView } from './view/revision-view.js';
export type { StateView } from './view/state-view.js';
