import type { ChangeSet, EntityManager, EntityMetadata } from '@mikro-orm/core';
import type { EntityCodec, EntityCodecs } from '../serialize/entity/entity-codec.js';

/** What all change sets of one class have in common. */
export interface ChangedClass {
  readonly meta: EntityMetadata;
  /** Undefined when the class is not audited. */
  readonly codec: EntityCodec | undefined;
  /** Audited classes that extend it, the most derived first. */
  readonly subclasses: readonly EntityCodec[];
  /** Names of what an update changes besides what it sends. */
  readonly managedNames: readonly string[];
  /** Whether hooks may change properties when the flush has begun, also such as the unit of work has never loaded. */
  readonly mayBeAmended: boolean;
}

/** The classes of one flush, each looked up once. */
export class ChangedClasses {
  /** By the metadata that change sets carry. */
  private readonly known = new Map<EntityMetadata<object>, ChangedClass>();

  constructor(
    private readonly em: EntityManager,
    private readonly codecs: EntityCodecs,
  ) {}

  of({ meta }: ChangeSet<object>): ChangedClass {
    let changed = this.known.get(meta);
    if (!changed) {
      changed = this.lookUp(meta);
      this.known.set(meta, changed);
    }
    return changed;
  }

  private lookUp({ class: entityClass }: EntityMetadata<object>): ChangedClass {
    // A change set may carry the metadata of another MikroORM instance that has the same class.
    const meta = this.em.getMetadata().get(entityClass) as unknown as EntityMetadata;
    const codec = this.codecs.find(meta);
    return {
      meta,
      codec,
      subclasses: this.codecs.below(meta),
      managedNames: codec?.managed.map(({ name }) => name) ?? [],
      mayBeAmended:
        this.em.getEventManager().hasListeners('beforeUpdate' as never, meta as never) ||
        meta.props.some((prop) => prop.onUpdate !== undefined),
    };
  }
}
