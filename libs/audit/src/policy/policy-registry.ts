import { type EntityClass, type EntityMetadata, type EntityName, type MikroORM } from '@mikro-orm/core';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { declarationOf } from './decorator-metadata.js';
import type { EntityPolicy } from './entity-policy.js';
import { FormerPaths } from './former-paths.js';
import {
  assertFormer,
  assertLabel,
  assertMasks,
  assertNamed,
  assertProperty,
  assertToOne,
} from './policy-checks.js';
import type { AuditPolicy, PolicyDeclaration } from './policy-declaration.js';
import { type DeclarationLookup, embeddableDeclarations } from './property-lineage.js';
import { auditedCollections, auditedProperties, type PropertyRules } from './property-policy.js';

/** The policies of one MikroORM instance, merged with its metadata once, at boot. */
export class PolicyRegistry {
  private readonly byClass = new Map<object, EntityPolicy>();
  private readonly byType = new Map<string, EntityPolicy>();
  private readonly byFormerType = new Map<string, EntityPolicy>();

  /**
   * @throws AuditConfigurationError for a property that does not exist, a name used twice, or an option that cannot work
   */
  constructor(
    readonly orm: MikroORM,
    policies: readonly AuditPolicy[],
    rules: PropertyRules,
  ) {
    const declared = new Map<object, PolicyDeclaration>(
      policies.map((policy) => [policy.entity, policy.declaration]),
    );
    const audited = new Map<EntityMetadata, PolicyDeclaration>();
    for (const meta of orm.getMetadata().getAll().values()) {
      const declaration = declarationOf(meta.class, declared);
      if (declaration?.audited && !declaration.ignored && isStored(meta)) {
        audited.set(meta, declaration);
      } else if (declaration?.audited && !declaration.ignored && !meta.embeddable) {
        throw new AuditConfigurationError(
          `${meta.className} is audited, but it is a ${meta.view ? 'view' : 'virtual entity'}: nothing is ever written to it.`,
          'Audit the entities that it is made of, and take its @Audited() or auditPolicy() away.',
        );
      } else if (declaration?.reads && isStored(meta)) {
        throw new AuditConfigurationError(
          `Reading ${meta.className} is to be recorded, but the class is not audited.`,
          'Add @Audited() to it, or take @AuditRead() away.',
        );
      }
    }
    // By class: a relation's target metadata need not be the object that the storage holds.
    const classes = new Set<object>([...audited.keys()].map((meta) => meta.class));
    for (const [meta, declaration] of audited) {
      this.add(meta, declaration, rules, classes, (type) => declarationOf(type, declared));
    }
    this.noteFormerTypes();
  }

  /** Undefined when the class is not audited. */
  find(meta: EntityMetadata): EntityPolicy | undefined {
    return this.byClass.get(meta.class);
  }

  all(): readonly EntityPolicy[] {
    return [...this.byType.values()];
  }

  /** The policy of a name in the trail, also of a former one; undefined when no class has it (any more). */
  ofType(entityType: string): EntityPolicy | undefined {
    return this.byType.get(entityType) ?? this.byFormerType.get(entityType);
  }

  /**
   * The policies of a class and of the subclasses that share its table: what a history of that class consists of. A
   * subclass with a table of its own may have the same key for another row.
   */
  family<Entity extends object>(entity: EntityName<Entity>): readonly EntityPolicy[] {
    const base = this.orm.getMetadata().find(entity);
    return base
      ? this.all().filter(
          ({ meta }) =>
            meta.root.class === base.root.class &&
            (meta.class === base.class || isSubclass(meta.class, base.class)),
        )
      : [];
  }

  private add(
    meta: EntityMetadata,
    declaration: PolicyDeclaration,
    rules: PropertyRules,
    audited: ReadonlySet<object>,
    lookup: DeclarationLookup,
  ): void {
    const where = meta.className;
    const entityType = declaration.audited?.name ?? where;
    if (entityType === '') {
      throw new AuditConfigurationError(
        `${where} is audited under an empty name.`,
        'Give @Audited({ name }) a name.',
      );
    }
    const other = this.byType.get(entityType);
    if (other) {
      throw new AuditConfigurationError(
        `${where} and ${other.meta.className} are both audited under the name "${entityType}".`,
        'Give one of them another @Audited({ name }).',
      );
    }
    for (const name of [...declaration.ignore, ...declaration.mask.keys()]) {
      assertProperty(meta, name);
    }
    assertMembers(meta, lookup);
    const { partOf = null, label = null, formerly = {} } = declaration.audited ?? {};
    if (partOf !== null) {
      assertToOne(meta, partOf);
    }
    assertNamed(meta, [
      ...Object.keys(formerly.properties ?? {}),
      ...(typeof label === 'string' ? [label] : []),
    ]);
    const formerPaths = new FormerPaths(formerly.properties);
    assertFormer(meta, formerPaths);
    const properties = auditedProperties(meta, declaration, rules, lookup);
    assertLabel(meta, label, properties);
    const collections = auditedCollections(meta, declaration, rules, lookup, audited);
    assertMasks(meta, declaration.mask, collections);
    const policy: EntityPolicy = Object.freeze({
      entityType,
      meta,
      properties,
      collections,
      recordsReads: declaration.reads === true,
      exact: declaration.audited?.exact === true,
      requireActor: declaration.audited?.requireActor ?? null,
      requireReason: declaration.audited?.requireReason === true,
      unrecordedWrites: declaration.audited?.unrecordedWrites ?? null,
      partOf,
      label,
      formerTypes: formerly.names ?? [],
      formerPaths,
    });
    this.byClass.set(meta.class, policy);
    this.byType.set(entityType, policy);
  }

  private noteFormerTypes(): void {
    for (const policy of this.all()) {
      for (const name of policy.formerTypes) {
        const other = this.ofType(name);
        if (other) {
          throw new AuditConfigurationError(
            `${policy.meta.className} was formerly audited under the name "${name}", under which ${other.meta.className} has its history.`,
            'Give formerly.names only names that no other audited class has, or has had.',
          );
        }
        this.byFormerType.set(name, policy);
      }
    }
  }
}

function isSubclass(candidate: EntityClass<object>, base: EntityClass<object>): boolean {
  return Object.prototype.isPrototypeOf.call(base.prototype, candidate.prototype);
}

function isStored(meta: EntityMetadata): boolean {
  return !meta.embeddable && !meta.virtual && !meta.view;
}

function assertMembers(meta: EntityMetadata, lookup: DeclarationLookup): void {
  for (const prop of meta.props) {
    for (const { ignore, mask } of embeddableDeclarations(prop, lookup)) {
      const unknown = [...ignore, ...mask.keys()].find((name) => !Object.hasOwn(prop.embeddedProps, name));
      if (unknown !== undefined) {
        throw new AuditConfigurationError(
          `The audit policy of the embeddable ${prop.type} (${meta.className}.${prop.name}) names the property "${unknown}", which it does not have.`,
          `Use one of: ${Object.keys(prop.embeddedProps).join(', ')}.`,
        );
      }
    }
  }
}
