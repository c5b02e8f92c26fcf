import { AuditConfigurationError } from '../errors/configuration-error.js';
import { literal } from '../model/sql-names.js';
import type { AuditModuleOptions } from '../options/audit-options.js';

/** Options of `auditTriggers()`. The first three have to be those of `AuditModule.forRoot()`. */
export interface AuditTriggerOptions
  extends Pick<AuditModuleOptions, 'policies' | 'secrets' | 'maxValueBytes'> {
  /**
   * How `truncate` of an audited table is met: it fails, or leaves a delete of each row. Ordered links are never truncated.
   * @default 'refuse'
   */
  readonly truncate?: 'refuse' | 'record';
  /**
   * Roles of the database with which the app connects: only from them the triggers believe that the unit of work records a statement
   * itself. This keeps other programs from doing so by mistake; somebody who can run statements as the app can pretend anything.
   * @default all
   */
  readonly roles?: readonly string[];
}

const LEGAL: readonly string[] = ['policies', 'secrets', 'maxValueBytes', 'truncate', 'roles'];

/** @throws AuditConfigurationError for one that is unknown or invalid */
export function assertTriggerOptions(options: AuditTriggerOptions): void {
  const unknown = Object.keys(options).find((option) => !LEGAL.includes(option));
  const { truncate = 'refuse', roles = ['any'] } = options;
  if (unknown !== undefined) {
    throw new AuditConfigurationError(
      `auditTriggers() does not know the option "${unknown}".`,
      `Use one of: ${LEGAL.join(', ')}.`,
    );
  }
  if (truncate !== 'refuse' && truncate !== 'record') {
    throw new AuditConfigurationError(
      `auditTriggers() has the option truncate: ${literal(String(truncate))}.`,
      "Give it 'refuse' or 'record'.",
    );
  }
  if (
    !Array.isArray(roles) ||
    roles.length === 0 ||
    !roles.every((role) => typeof role === 'string' && role !== '')
  ) {
    throw new AuditConfigurationError(
      'auditTriggers() has the option roles without the name of a role.',
      'Give the roles with which the app connects, or leave the option out.',
    );
  }
}
