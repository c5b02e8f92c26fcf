import { AuditConfigurationError } from '../errors/configuration-error.js';
import { UNRECORDED_WRITE_RULES } from './policy-declaration.js';

const TEXT = { type: 'string', legal: 'a text' } as const;

/** Options of `@Audited()`, which are also some of `auditPolicy()`'s. */
export const AUDITED_OPTIONS = {
  name: TEXT,
  exact: { type: 'boolean', legal: 'true or false' },
  partOf: TEXT,
  label: { type: ['string', 'function'], legal: 'a property name or a function' },
  formerly: { type: 'object', legal: 'an object with names and properties' },
  requireActor: { type: 'boolean', legal: 'true or false' },
  requireReason: { type: 'boolean', legal: 'true or false' },
  unrecordedWrites: { values: UNRECORDED_WRITE_RULES, legal: UNRECORDED_WRITE_RULES.join(', ') },
} as const;

export const MASK_KINDS: readonly unknown[] = ['redact', 'last4', 'hash', false];

/** Which values an option may have: those of a type, or some texts. */
interface LegalOption {
  readonly type?: string | readonly string[];
  readonly values?: readonly string[];
  /** For a message. */
  readonly legal: string;
}

function isLegal(value: unknown, { type = [], values = [] }: LegalOption): boolean {
  return value !== null && ([type].flat().includes(typeof value) || values.some((one) => one === value));
}

/**
 * @param where what has the options, such as `@Audited()`
 * @throws AuditConfigurationError for an unknown option, or a value it cannot have
 */
export function assertLegalOptions(
  where: string,
  options: object,
  legal: Readonly<Record<string, LegalOption>>,
): void {
  for (const [key, value] of Object.entries(options)) {
    const option = Object.hasOwn(legal, key) ? legal[key] : undefined;
    if (!option) {
      throw new AuditConfigurationError(
        `${where} does not know the option "${key}".`,
        `Use one of: ${Object.keys(legal).join(', ')}.`,
      );
    }
    if (value !== undefined && !isLegal(value, option)) {
      throw new AuditConfigurationError(
        `The option "${key}" of ${where} has a value it cannot have.`,
        `Give it ${option.legal}.`,
      );
    }
  }
}
