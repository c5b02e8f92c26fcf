import {
  type EntityManager,
  type EntityMetadata,
  type EntityProperty,
  EventType,
  ReferenceKind,
} from '@mikro-orm/core';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { EntityCodec, EntityCodecs } from '../../serialize/entity/entity-codec.js';
import { isLoaded } from './entity-facts.js';
import type { ForeignKeyRule, ForeignKeys } from './foreign-keys.js';
import { type LinkRows, linkRowsOf, type RecordedRelation, recordedRelation } from './link-table.js';

/** Everything that all change sets of one class have in common. */
export interface ClassFacts {
  /** The metadata that the audited MikroORM instance has of the class. */
  readonly meta: EntityMetadata;
  /** Undefined when the class is not audited. */
  readonly codec: EntityCodec | undefined;
  /** Audited classes that extend it, the most derived first. */
  readonly subclasses: readonly EntityCodec[];
  /** Names of the properties that an update changes besides those that it sends. */
  readonly managedNames: readonly string[];
  /** Whether an update may send properties that the unit of work has never loaded, because `onUpdate` sets them. */
  readonly hasOnUpdate: boolean;
  /** The foreign key rules that deleting an entity sets off. */
  readonly deleteRules: readonly ForeignKeyRule[];
  /** The foreign key rules that changing the key of an entity sets off. */
  readonly keyRules: readonly ForeignKeyRule[];
  /** The many-to-many relations that have this class at one end, and whose links the trail records. */
  readonly relations: readonly RecordedRelation[];
  /** The recorded relations whose links are rows of this class (`pivotEntity`). */
  readonly linkRows: readonly (LinkRows & { readonly relation: RecordedRelation })[];
}

/** The classes of a MikroORM instance, as they are seen from one schema. Looks at each once. */
export class Classes {
  /** By the metadata that change sets carry. */
  private readonly known = new WeakMap<EntityMetadata<object>, ClassFacts>();

  constructor(
    readonly schema: string,
    readonly codecs: EntityCodecs,
    readonly foreignKeys: ForeignKeys,
    /** Undefined when the entity is not audited. */
    readonly policyOf: (meta: EntityMetadata) => EntityPolicy | undefined,
  ) {}

  /** @param em the EntityManager of the flush; a change set may carry the metadata of another MikroORM instance */
  of(given: EntityMetadata<object>, em: EntityManager): ClassFacts {
    let facts = this.known.get(given);
    if (!facts) {
      facts = this.lookUp(given, em);
      this.known.set(given, facts);
    }
    return facts;
  }

  private lookUp({ class: entityClass }: EntityMetadata<object>, em: EntityManager): ClassFacts {
    const meta = em.getMetadata().get(entityClass) as unknown as EntityMetadata;
    const codec = this.codecs.find(meta);
    const metadata = em.getMetadata();
    const byDefault = em.config.get('schemaGenerator').createForeignKeyConstraints;
    const recorded = (prop: EntityProperty, declaring: EntityMetadata) =>
      recordedRelation(prop, declaring, this.policyOf, this.schema, byDefault);
    return {
      meta,
      codec,
      subclasses: this.codecs.below(meta),
      managedNames: codec?.managed.map(({ name }) => name) ?? [],
      hasOnUpdate: meta.props.some((prop) => prop.onUpdate !== undefined),
      deleteRules: this.foreignKeys.onDelete(meta),
      keyRules: this.foreignKeys.onKeyChange(meta),
      relations: meta.relations.flatMap((prop) =>
        prop.kind === ReferenceKind.MANY_TO_MANY ? (recorded(prop, meta) ?? []) : [],
      ),
      linkRows: [...metadata.getAll().values()].flatMap((declaring) =>
        declaring.relations.flatMap((prop) => {
          const rows = prop.owner && prop.pivotEntity ? linkRowsOf(prop, metadata) : undefined;
          const relation = rows?.meta.class === meta.class && recorded(prop, declaring);
          return rows && relation ? [{ ...rows, relation }] : [];
        }),
      ),
    };
  }
}

/** Whether hooks may change properties after the flush has begun, including ones that were never loaded. */
export function mayBeAmended({ hasOnUpdate, meta }: ClassFacts, em: EntityManager): boolean {
  return hasOnUpdate || em.getEventManager().hasListeners(EventType.beforeUpdate, meta);
}

/** A reference of a class that is not audited may stand for a row of one that is and extends it. */
export function codecOfReference(entity: object, { subclasses }: ClassFacts): EntityCodec | undefined {
  return subclasses.length === 0 || isLoaded(entity) ? undefined : subclasses[0];
}
