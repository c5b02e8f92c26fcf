import { AuditConfigurationError } from '../../errors/configuration-error.js';
import { scopeProblem } from '../../query/terms/scope-check.js';
import { AUDIT_PERMISSIONS, type AuditAccess } from './audit-access.js';

const ACCESS_MEMBERS: readonly string[] = ['permissions', 'entities'];
const ENTITY_MEMBERS: readonly string[] = ['permissions', 'within', 'hidden'];
const EVERYTHING = "'all'";

/**
 * Looks at what a policy gives, as it comes from the application: what is misspelt, or there without a value, would protect
 * nothing.
 * @throws AuditConfigurationError
 */
export function assertAccess(access: unknown): asserts access is AuditAccess {
  const { permissions, entities } = membersOf('an access', access, ACCESS_MEMBERS);
  assertPermissions('the access', permissions);
  for (const [type, one] of Object.entries(membersOf('the entities', entities))) {
    const given = membersOf(`the access to ${type}`, one, ENTITY_MEMBERS);
    if ('permissions' in given) {
      assertPermissions(type, given.permissions);
    }
    if ('hidden' in given && !isTexts(given.hidden)) {
      throw new AuditConfigurationError(
        `The AuditAccessPolicy hides of ${type} what is no list of paths.`,
        'Give a list of paths, or leave it out where nothing is hidden.',
      );
    }
    if (!('within' in given)) {
      throw new AuditConfigurationError(
        `The AuditAccessPolicy does not say which changes of ${type} may be seen.`,
        `Give within: a scope such as { metadata: { tenant } }, or ${EVERYTHING} for the whole trail of it.`,
      );
    }
    const wrong = given.within === 'all' ? null : scopeProblem(given.within, EVERYTHING);
    if (wrong) {
      throw new AuditConfigurationError(
        `The AuditAccessPolicy limits ${type} by a scope that ${wrong.problem}.`,
        wrong.remedy,
      );
    }
  }
}

function membersOf(
  what: string,
  value: unknown,
  legal?: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AuditConfigurationError(
      `The AuditAccessPolicy gives no object for ${what}.`,
      'Give { permissions, entities }, with an object for each entity, or null for nobody.',
    );
  }
  const unknown = legal && Object.keys(value).find((name) => !legal.includes(name));
  if (unknown !== undefined) {
    throw new AuditConfigurationError(
      `The AuditAccessPolicy gives "${unknown}" for ${what}, which is nothing that it can give.`,
      `Use some of: ${legal?.join(', ')}.`,
    );
  }
  return value as Readonly<Record<string, unknown>>;
}

function assertPermissions(of: string, permissions: unknown): void {
  const legal: readonly string[] = AUDIT_PERMISSIONS;
  if (!isTexts(permissions)) {
    throw new AuditConfigurationError(
      `The AuditAccessPolicy gives no list of permissions for ${of}.`,
      `Give a list with some of: ${legal.join(', ')}; an empty one grants nothing.`,
    );
  }
  const unknown = permissions.find((one) => !legal.includes(one));
  if (unknown !== undefined) {
    throw new AuditConfigurationError(
      `The AuditAccessPolicy grants "${unknown}", which is no permission.`,
      `Use some of: ${legal.join(', ')}.`,
    );
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
