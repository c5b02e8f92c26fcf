import type { MikroORM } from '@mikro-orm/core';
import { AuditConfigurationError } from '../../errors/configuration-error.js';
import { AuditChange } from './audit-change.entity.js';
import { AuditCheckpoint } from './audit-checkpoint.entity.js';
import { auditEntities } from './audit-entities.js';
import { AuditLeaf } from './audit-leaf.entity.js';
import { AuditPosition } from './audit-position.entity.js';
import { AuditEntityRead } from './audit-read.entity.js';
import { AuditTick } from './audit-tick.entity.js';
import { AuditTreeHash } from './audit-tree-hash.entity.js';

/** The audit tables as they are written in SQL: quoted, with their schema where one is configured. */
export interface TableNames {
  readonly change: string;
  readonly read: string;
  readonly tick: string;
  readonly position: string;
  readonly leaf: string;
  readonly treeHash: string;
  readonly checkpoint: string;
}

/** @throws AuditConfigurationError when the audit entities are not among the ORM's entities */
export function tableNamesOf(orm: MikroORM): TableNames {
  for (const entity of auditEntities) {
    if (!orm.getMetadata().has<object>(entity)) {
      throw new AuditConfigurationError(
        `The MikroORM configuration "${orm.config.get('contextName')}" has audited entities, but not the audit tables: ${entity.name} is missing from its entities.`,
        "Add them: entities: [..., ...auditEntities], with auditEntities from 'nestjs-mikro-audit', and create a migration.",
      );
    }
  }
  return {
    change: quotedName(orm, AuditChange),
    read: quotedName(orm, AuditEntityRead),
    tick: quotedName(orm, AuditTick),
    position: quotedName(orm, AuditPosition),
    leaf: quotedName(orm, AuditLeaf),
    treeHash: quotedName(orm, AuditTreeHash),
    checkpoint: quotedName(orm, AuditCheckpoint),
  };
}

function quotedName(orm: MikroORM, entity: (typeof auditEntities)[number]): string {
  const meta = orm.getMetadata().get<object>(entity);
  const schema = meta.schema ?? orm.config.get('schema');
  const platform = orm.em.getPlatform();
  const table = platform.quoteIdentifier(meta.tableName);
  return schema && schema !== '*' ? `${platform.quoteIdentifier(schema)}.${table}` : table;
}
