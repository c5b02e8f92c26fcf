import { AuditConfigurationError } from '../errors/configuration-error.js';
import { declareOn, type UniversalDecorator } from './decorator-metadata.js';
import { AUDITED_OPTIONS, assertLegalOptions } from './legal-options.js';
import type { AuditedOptions } from './policy-declaration.js';

/**
 * Audits an entity class and its subclasses.
 * @throws AuditConfigurationError on a property, or for an unknown option
 */
export function Audited(options: AuditedOptions = {}): UniversalDecorator {
  assertLegalOptions('@Audited()', options, AUDITED_OPTIONS);
  return declareOn('Audited', (declaration, site) => {
    if (site.kind === 'property') {
      throw new AuditConfigurationError(
        `@Audited() stands on the property "${site.name}".`,
        'Put it on the entity class; every property with a column is then audited.',
      );
    }
    declaration.audited = options;
    declaration.ignored = false;
  });
}
