import type { Options } from '@mikro-orm/postgresql';
import { AuditPostgreSqlDriver, type AuditTriggerOptions, auditTriggers } from 'nestjs-mikro-audit';

/** Options of MikroORM by which triggers record what the unit of work does not. */
export function withTriggers(options: AuditTriggerOptions = {}): Options {
  return { driver: AuditPostgreSqlDriver, discovery: { afterDiscovered: auditTriggers(options) } };
}
