import { AuditChange } from './audit-change.entity.js';
import { AuditEntityRead } from './audit-read.entity.js';

/** The library's tables. Add them to the `entities` of every MikroORM configuration that has audited entities. */
export const auditEntities = [AuditChange, AuditEntityRead] as const;
