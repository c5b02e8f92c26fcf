import { ForbiddenException } from '@nestjs/common';
import { AuditConfigurationError } from '../../errors/configuration-error.js';
import { InvalidQueryError } from '../../errors/query-errors.js';
import { entityTypeParts } from '../../model/entity-type.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { AuditCatalog } from '../../query/terms/audit-catalog.js';
import { knownPath } from '../../query/terms/property-path.js';
import type { TrailScope } from '../../query/terms/trail-scope.js';
import { assertAccess } from './access-check.js';
import type { AuditAccess, AuditPermission, EntityAccess } from './audit-access.js';
import { HiddenPaths } from './hidden-paths.js';

const EVERY_OTHER = '*';

const NOTHING: TrailScope = { anyOf: [] };

/** The permissions of one reader, checked against what is audited. */
export class ReaderAccess {
  private readonly hidden = new Map<string, HiddenPaths>();

  /**
   * @throws AuditConfigurationError for what does not exist or has no value, be it a permission, an entity, a property or a part
   *   of a scope: it would protect nothing
   */
  constructor(
    private readonly access: AuditAccess,
    private readonly catalog: AuditCatalog,
  ) {
    assertAccess(access);
    for (const [type, entity] of Object.entries(access.entities)) {
      this.hidden.set(type, this.hiddenPaths(type, entity));
    }
  }

  /** Whether there is an entity with which the reader may do it. */
  may(action: AuditPermission | 'any'): boolean {
    return Object.keys(this.access.entities).some((type) => {
      const actions = this.permissionsOn(type);
      return action === 'any' ? actions.length > 0 : actions.includes(action);
    });
  }

  mayOn(action: AuditPermission, entityType: string): boolean {
    return this.permissionsOn(entityType).includes(action);
  }

  /** Whether the reader may do it with all there is of this entity, not only with a part. */
  mayOnWhole(action: AuditPermission, entityType: string): boolean {
    return this.mayOn(action, entityType) && this.entity(entityType)?.within === 'all';
  }

  /** @throws ForbiddenException when the reader may not do it with this entity */
  assertOn(action: AuditPermission, entityType: string): void {
    if (!this.mayOn(action, entityType)) {
      throw new ForbiddenException(`You may not ${VERBS[action]} ${entityType}.`);
    }
  }

  permissionsOn(entityType: string): readonly AuditPermission[] {
    return this.entity(entityType)?.permissions ?? (this.entity(entityType) ? this.access.permissions : []);
  }

  /** The values of an entity that are hidden from the reader; everything when it may not see values at all. */
  hiddenOf(entityType: string): HiddenPaths {
    if (!this.mayOn('values', entityType)) {
      return HiddenPaths.ALL;
    }
    const { name } = entityTypeParts(entityType);
    return this.hidden.get(name) ?? this.hidden.get(EVERY_OTHER) ?? HiddenPaths.NONE;
  }

  /** The values hidden of any of some entities. */
  hiddenOfAny(policies: readonly EntityPolicy[]): HiddenPaths {
    return policies.reduce(
      (hidden, { entityType }) => hidden.with(this.hiddenOf(entityType)),
      HiddenPaths.NONE,
    );
  }

  /** The audited entities with which the reader may do something. */
  policies(action: AuditPermission): readonly EntityPolicy[] {
    return this.catalog
      .all()
      .flatMap(({ policies }) => policies.all())
      .filter(({ name }) => this.mayOn(action, name));
  }

  /** Whether the reader may do it with every entity, also with those that no class has any more. */
  mayOnAll(action: AuditPermission): boolean {
    return (
      this.mayOn(action, EVERY_OTHER) &&
      Object.keys(this.access.entities).every((type) => this.mayOn(action, type))
    );
  }

  /** Whether nothing at all is hidden from the reader. */
  get seesEverything(): boolean {
    return this.mayOnAll('values') && [...this.hidden.values()].every((hidden) => hidden.isEmpty);
  }

  /** The part of the trail with which the reader may do something; undefined for all of it. */
  scope(action: AuditPermission): TrailScope | undefined {
    const { entities } = this.access;
    if (this.mayOnAll(action) && Object.values(entities).every(({ within }) => within === 'all')) {
      return undefined;
    }
    const types = this.policies(action).map(({ name }) => name);
    const byScope = Map.groupBy(types, (type) => this.entity(type)?.within ?? NOTHING);
    return {
      anyOf: [...byScope].map(([within, entityType]) => ({
        entityType,
        ...(within === 'all' ? {} : { anyOf: [within] }),
      })),
    };
  }

  /** Of a class in all schemas; which of them a reader may see says its scope. */
  private entity(entityType: string): EntityAccess | undefined {
    const { entities } = this.access;
    const { name } = entityTypeParts(entityType);
    return Object.hasOwn(entities, name) ? entities[name] : entities[EVERY_OTHER];
  }

  private hiddenPaths(entityType: string, { hidden = [] }: EntityAccess): HiddenPaths {
    if (entityType === EVERY_OTHER) {
      if (hidden.length > 0) {
        throw new AuditConfigurationError(
          'The AuditAccessPolicy hides properties of all entities.',
          'Name each entity with its hidden properties.',
        );
      }
      return HiddenPaths.NONE;
    }
    const instance = this.catalog.all().find(({ policies }) => policies.named(entityType));
    const policy = instance?.policies.named(entityType);
    if (!instance || policy?.name !== entityType) {
      const types = this.catalog.all().flatMap(({ policies }) => policies.all().map(({ name }) => name));
      throw new AuditConfigurationError(
        `The AuditAccessPolicy names the entity "${entityType}", which is not audited under this name.`,
        `Use some of: ${types.join(', ')}, or * for all others; a schema belongs into within: { schema }.`,
      );
    }
    for (const path of hidden) {
      assertKnown(path, policy, (one) => instance.codecs.find(one.meta));
    }
    return new HiddenPaths(hidden);
  }
}

export const VERBS: Readonly<Record<AuditPermission, string>> = {
  list: 'list changes of',
  history: 'read the history of',
  values: 'see values of',
  export: 'export changes of',
  restore: 'restore',
  coverage: 'see the coverage of',
};

function assertKnown(path: string, policy: EntityPolicy, codecOf: Parameters<typeof knownPath>[2]): void {
  try {
    knownPath(path, [policy], codecOf);
  } catch (error) {
    const remedy = error instanceof InvalidQueryError ? error.remedy : 'Use a property of it.';
    throw new AuditConfigurationError(
      `The AuditAccessPolicy hides "${path}" of ${policy.entityType}, which the trail does not hold.`,
      remedy,
    );
  }
}
