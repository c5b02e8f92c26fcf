import { AuditConfigurationError } from '../errors/configuration-error.js';
import { declareOn, type UniversalDecorator } from './decorator-metadata.js';
import { MASK_KINDS } from './legal-options.js';
import type { MaskKind } from './policy-declaration.js';

/**
 * The trail says that the value changed and hides the value. On a class: every property but the keys.
 * Properties with the name of a secret (`password`, `apiKey`, ...) and `hidden` ones are masked without it;
 * `false` stores such a value in clear. Of a many-to-many relation it hides what the links lead to.
 * @throws AuditConfigurationError for an unknown kind; at boot for a mask that would hide nothing
 */
export function AuditMask(kind: MaskKind | false = 'redact'): UniversalDecorator {
  if (!MASK_KINDS.includes(kind)) {
    throw new AuditConfigurationError(
      `@AuditMask() does not know the kind "${kind}".`,
      `Use one of: ${MASK_KINDS.join(', ')}.`,
    );
  }
  return declareOn('AuditMask', (declaration, site) => {
    if (site.kind === 'property') {
      declaration.mask.set(site.name, kind);
    } else if (kind === false) {
      throw new AuditConfigurationError(
        '@AuditMask(false) stands on a class.',
        'Put it on each property that may be stored in clear.',
      );
    } else {
      declaration.maskAll = kind;
    }
  });
}
