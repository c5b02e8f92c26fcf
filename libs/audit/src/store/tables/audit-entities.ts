import { AuditChange } from './audit-change.entity.js';
import { AuditCheckpoint } from './audit-checkpoint.entity.js';
import { AuditLeaf } from './audit-leaf.entity.js';
import { AuditPosition } from './audit-position.entity.js';
import { AuditEntityRead } from './audit-read.entity.js';
import { AuditTick } from './audit-tick.entity.js';
import { AuditTreeHash } from './audit-tree-hash.entity.js';

/** The library's tables. Add them to the `entities` of every MikroORM configuration that has audited entities. */
export const auditEntities = [
  AuditChange,
  AuditEntityRead,
  AuditTick,
  AuditPosition,
  AuditLeaf,
  AuditTreeHash,
  AuditCheckpoint,
] as const;
