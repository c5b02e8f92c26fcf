import { AuditConfigurationError } from '../errors/configuration-error.js';
import type { AuditedOptions, FormerNames, MaskKind, PolicyDeclaration } from './policy-declaration.js';

const DECLARATION = Symbol('nestjs-mikro-audit:declaration');

interface MutableDeclaration {
  audited?: AuditedOptions;
  ignored?: boolean;
  reads?: boolean;
  maskAll?: MaskKind;
  readonly ignore: Set<string>;
  readonly mask: Map<string, MaskKind | false>;
}

/** Where one decorator call stands: on a class or on one of its properties, in either decorator standard. */
export type DecoratorSite = { readonly kind: 'class' } | { readonly kind: 'property'; readonly name: string };

/**
 * Signature of a decorator that works as a legacy (`experimentalDecorators`) and as a TC39 decorator,
 * on classes and on properties. The target of a TC39 field is undefined.
 */
export type UniversalDecorator = (
  target: object | undefined,
  context?: string | symbol | object,
  descriptor?: unknown,
) => void;

/** Makes a decorator that notes something on the class it stands on. */
export function declareOn(
  decoratorName: string,
  note: (declaration: MutableDeclaration, site: DecoratorSite) => void,
): UniversalDecorator {
  return (target, context) => {
    if (typeof context === 'object') {
      const tc39 = context as { kind: string; name: string | symbol; metadata?: object };
      if (tc39.metadata === undefined) {
        throw new AuditConfigurationError(
          `@${decoratorName}() on ${String(tc39.name)} got no decorator metadata.`,
          'Import reflect-metadata or @mikro-orm/decorators/es first, which define Symbol.metadata, or use auditPolicy().',
        );
      }
      note(ownDeclaration(tc39.metadata), siteOf(tc39.kind, tc39.name));
    } else if (target === undefined) {
      throw new AuditConfigurationError(
        `@${decoratorName}() was called without a class or property.`,
        'Use it as a decorator.',
      );
    } else if (context === undefined) {
      note(ownDeclaration(target), { kind: 'class' });
    } else {
      note(ownDeclaration(target.constructor), siteOf('field', context));
    }
  };
}

/**
 * Merges decorators and policies of a class and its base classes; the nearest class wins.
 * A name is not inherited, nor a former one: two classes cannot share one.
 * @param policies declarations made with `auditPolicy()`, by class; they win over decorators of the same class
 * @returns undefined when nothing is declared
 */
export function declarationOf(
  entityClass: object,
  policies: ReadonlyMap<object, PolicyDeclaration>,
): PolicyDeclaration | undefined {
  const own = declarationsOn(entityClass, policies);
  const chain = [...own];
  for (let type = Object.getPrototypeOf(entityClass); type !== null; type = Object.getPrototypeOf(type)) {
    chain.push(...declarationsOn(type, policies));
  }
  if (chain.length === 0) {
    return undefined;
  }
  const furthestFirst = [...chain].reverse();
  const options = furthestFirst.flatMap((link) => (link.audited ? [link.audited] : []));
  const { name: _name, formerly: _formerly, ...inherited }: AuditedOptions = Object.assign({}, ...options);
  const name = own.find((link) => link.audited?.name !== undefined)?.audited?.name;
  const formerly = formerNames(own, furthestFirst);
  const audited = { ...inherited, ...(name === undefined ? {} : { name }), ...(formerly && { formerly }) };
  const maskAll = chain.find((link) => link.maskAll !== undefined)?.maskAll;
  const decisive = chain.find((link) => link.audited !== undefined || link.ignored !== undefined);
  return {
    ...(options.length === 0 ? {} : { audited }),
    ...(maskAll === undefined ? {} : { maskAll }),
    ignored: decisive?.ignored === true,
    ...(chain.some((link) => link.reads === true) ? { reads: true } : {}),
    ignore: new Set(chain.flatMap((link) => [...link.ignore])),
    mask: new Map(furthestFirst.flatMap((link) => [...link.mask])),
  };
}

/** Former names of the entity are its own, those of its properties are inherited with them. */
function formerNames(
  own: readonly Pick<PolicyDeclaration, 'audited'>[],
  furthestFirst: readonly Pick<PolicyDeclaration, 'audited'>[],
): FormerNames | undefined {
  const names = own.flatMap(({ audited }) => audited?.formerly?.names ?? []);
  const properties: FormerNames['properties'] = Object.assign(
    {},
    ...furthestFirst.map(({ audited }) => audited?.formerly?.properties),
  );
  return names.length + Object.keys(properties ?? {}).length === 0
    ? undefined
    : { names, properties: properties ?? {} };
}

function declarationsOn(type: object, policies: ReadonlyMap<object, PolicyDeclaration>): PolicyDeclaration[] {
  // Where the emit of TC39 decorators puts `context.metadata`; MikroORM defines the symbol when Node does not.
  const tc39Symbol = (Symbol as { metadata?: symbol }).metadata;
  const tc39 = tc39Symbol && (Object.getOwnPropertyDescriptor(type, tc39Symbol)?.value as object | undefined);
  return [policies.get(type), storedOn(type), storedOn(tc39)].filter((found) => found !== undefined);
}

function storedOn(carrier: object | undefined): MutableDeclaration | undefined {
  return (
    carrier &&
    (Object.getOwnPropertyDescriptor(carrier, DECLARATION)?.value as MutableDeclaration | undefined)
  );
}

function ownDeclaration(carrier: object): MutableDeclaration {
  const existing = storedOn(carrier);
  if (existing) {
    return existing;
  }
  const fresh: MutableDeclaration = { ignore: new Set(), mask: new Map() };
  Object.defineProperty(carrier, DECLARATION, { value: fresh });
  return fresh;
}

function siteOf(kind: string, name: string | symbol): DecoratorSite {
  return kind === 'class' ? { kind: 'class' } : { kind: 'property', name: String(name) };
}
