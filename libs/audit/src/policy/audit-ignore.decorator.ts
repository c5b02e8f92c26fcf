import { declareOn, type UniversalDecorator } from './decorator-metadata.js';

/** On a property: its changes leave no trace. On a class: it is not audited although a base class is. */
export function AuditIgnore(): UniversalDecorator {
  return declareOn('AuditIgnore', (declaration, site) => {
    if (site.kind === 'property') {
      declaration.ignore.add(site.name);
    } else {
      declaration.ignored = true;
    }
  });
}
