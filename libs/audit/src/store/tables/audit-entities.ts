import { AuditChange } from './audit-change.entity.js';
import { AuditEntityRead } from './audit-read.entity.js';
import { AuditRevision } from './audit-revision.entity.js';

/** The library's tables. Add them to the `entities` of every MikroORM configuration that has audited entities. */
export const auditEntities = [AuditRevision, AuditChange, AuditEntityRead] as const;
