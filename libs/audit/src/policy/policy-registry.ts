import type { EntityClass, EntityMetadata, EntityName, MikroORM } from '@mikro-orm/core';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { entityTypeIn, entityTypeParts } from '../model/entity-type.js';
import type { EntityPolicy } from './entity-policy.js';
import {
  isMovable,
  isPerSchema,
  isShared,
  type PlacedClass,
  placeIn,
  placeOfTarget,
  type RowPlace,
} from './row-schema.js';

/** Names of schemas may come from anywhere, so only as many are kept at hand. */
const MOST_SCHEMAS = 1_000;

/** The policies of one MikroORM instance, as they are seen from one schema. */
export class PolicyRegistry {
  private readonly policies: readonly EntityPolicy[];
  private readonly byClass = new Map<object, EntityPolicy>();
  private readonly byType = new Map<string, EntityPolicy>();
  private readonly byName = new Map<string, EntityPolicy>();

  /**
   * @param declared by `declaredPolicies`
   * @param schema in which classes are that have none of their own
   * @param views those of all schemas, by schema
   * @throws AuditConfigurationError for a name used twice
   */
  constructor(
    readonly orm: MikroORM,
    private readonly declared: readonly EntityPolicy[],
    readonly schema: string = homeOf(orm),
    private readonly views: Map<string, PolicyRegistry> = new Map(),
  ) {
    this.policies = declared.map((policy) => policyIn(policy, schema, homeOf(orm)));
    for (const policy of this.policies) {
      this.add(policy);
    }
    for (const policy of this.policies) {
      this.addFormer(policy);
    }
  }

  /** As they are seen from another schema. */
  in(schema: string): PolicyRegistry {
    if (schema === this.schema) {
      return this;
    }
    let view = this.views.get(schema);
    if (!view) {
      const [oldest] = this.views.size < MOST_SCHEMAS ? [] : this.views.keys();
      this.views.delete(oldest ?? schema);
      view = new PolicyRegistry(this.orm, this.declared, schema, this.views);
      this.views.set(schema, view);
    }
    return view;
  }

  /** Whether they are seen from the default schema, as where nobody has named another one. */
  get isHome(): boolean {
    return this.schema === homeOf(this.orm);
  }

  /** Undefined when the class is not audited. */
  find(meta: Pick<EntityMetadata, 'class'>): EntityPolicy | undefined {
    return this.byClass.get(meta.class);
  }

  all(): readonly EntityPolicy[] {
    return this.policies;
  }

  /** The policy of a name in the trail, in whatever schema, also of a former one; undefined when no class has it (any more). */
  ofType(entityType: string): EntityPolicy | undefined {
    return this.byType.get(entityType) ?? this.elsewhere(entityType);
  }

  /** The policy of a class by its own name, which says nothing of a schema, also by a former one. */
  named(name: string): EntityPolicy | undefined {
    return this.byName.get(name);
  }

  /**
   * The policies of a class and of the subclasses that share its table: what a history of that class consists of. A
   * subclass with a table of its own may have the same key for another row.
   */
  family<Entity extends object>(entity: EntityName<Entity>): readonly EntityPolicy[] {
    const base = this.orm.getMetadata().find(entity);
    return base
      ? this.policies.filter(
          ({ meta }) =>
            meta.root.class === base.root.class &&
            (meta.class === base.class || isSubclass(meta.class, base.class)),
        )
      : [];
  }

  /** The policies of all classes that share the table of one. */
  sharing({ meta: { root }, schema = this.schema }: EntityPolicy): readonly EntityPolicy[] {
    return this.in(schema).policies.filter(({ meta }) => meta.root.class === root.class);
  }

  /** The policy of a class as a row sees it; undefined when the class is not audited. */
  near(
    { schema = this.schema }: Partial<RowPlace>,
    meta: Pick<EntityMetadata, 'class'>,
  ): EntityPolicy | undefined {
    return this.in(schema).find(meta);
  }

  /** Where the rows of a class are that a row refers to, or that refer to it. */
  placeNear({ meta: from, schema = this.schema }: PlacedClass, meta: EntityMetadata): RowPlace {
    return placeOfTarget(from, meta, schema, homeOf(this.orm));
  }

  /** Whether a row is one that tenants share: the tables of each may refer to it. */
  isShared(row: PlacedClass): boolean {
    return isShared(row.meta, row, homeOf(this.orm));
  }

  private elsewhere(entityType: string): EntityPolicy | undefined {
    const { name, schema } = entityTypeParts(entityType);
    const found = this.byName.has(name) ? this.in(schema ?? homeOf(this.orm)) : undefined;
    return found?.byType.get(entityType);
  }

  private add(policy: EntityPolicy): void {
    const { name, entityType, meta } = policy;
    const other = this.byName.get(name);
    if (other) {
      throw new AuditConfigurationError(
        `${meta.className} and ${other.meta.className} are both audited under the name "${name}".`,
        'Give one of them another @Audited({ name }).',
      );
    }
    this.byClass.set(meta.class, policy);
    this.byType.set(entityType, policy);
    this.byName.set(name, policy);
  }

  private addFormer(policy: EntityPolicy): void {
    for (const entityType of policy.formerTypes) {
      const { name } = entityTypeParts(entityType);
      const other = this.byName.get(name);
      if (other) {
        throw new AuditConfigurationError(
          `${policy.meta.className} was formerly audited under the name "${name}", under which ${other.meta.className} has its history.`,
          'Give formerly.names only names that no other audited class has, or has had.',
        );
      }
      this.byType.set(entityType, policy);
      this.byName.set(name, policy);
    }
  }
}

/** Of a declared policy that for the rows in one schema; the same where the class has a schema of its own. */
export function policyIn(declared: EntityPolicy, schema: string, home: string): EntityPolicy {
  const { meta, name, formerTypes } = declared;
  if (!isMovable(meta)) {
    return declared;
  }
  // Of a schema for each tenant none is the ordinary one, whose name could go without saying.
  const typeOf = (one: string) => (schema !== home || isPerSchema(meta) ? entityTypeIn(one, schema) : one);
  return Object.freeze({
    ...declared,
    ...placeIn(meta, schema, home),
    entityType: typeOf(name),
    formerTypes: formerTypes.map(typeOf),
  });
}

function homeOf(orm: MikroORM): string {
  return orm.config.get('schema') ?? '';
}

function isSubclass(candidate: EntityClass<object>, base: EntityClass<object>): boolean {
  return Object.prototype.isPrototypeOf.call(base.prototype, candidate.prototype);
}
