import { type EntityMetadata, type EntityProperty, type MikroORM, ReferenceKind } from '@mikro-orm/core';
import type { EntityCodec, EntityCodecs } from '../serialize/entity-codec.js';

/** What the database does to rows of an audited entity when the row they point to is deleted. */
export interface CascadeRule {
  readonly codec: EntityCodec;
  readonly reference: EntityProperty;
  readonly effect: 'delete' | 'set null';
}

/**
 * Foreign keys of audited entities on which the database acts by itself. MikroORM sees nothing of that for children
 * it has not loaded, so they are read before the parent is deleted.
 */
export class CascadeRules {
  private readonly byTarget = new Map<object, CascadeRule[]>();

  constructor(orm: MikroORM, codecs: EntityCodecs) {
    const { defaultDeleteRule, createForeignKeyConstraints } = orm.config.get('schemaGenerator');
    for (const codec of codecs.all()) {
      for (const reference of codec.policy.meta.relations) {
        const effect = effectOf(reference.deleteRule ?? defaultDeleteRule);
        const isForeignKey =
          (reference.kind === ReferenceKind.MANY_TO_ONE ||
            (reference.kind === ReferenceKind.ONE_TO_ONE && reference.owner)) &&
          !reference.polymorphic &&
          reference.persist !== false &&
          (reference.createForeignKeyConstraint ?? createForeignKeyConstraints) !== false;
        if (effect && isForeignKey && reference.targetMeta) {
          const target = reference.targetMeta.root.class;
          const rules = this.byTarget.get(target) ?? [];
          this.byTarget.set(target, [...rules, { codec, reference, effect }]);
        }
      }
    }
  }

  /** The rules that deleting an entity of this class sets off. */
  of(meta: EntityMetadata): readonly CascadeRule[] {
    return this.byTarget.get(meta.root.class) ?? [];
  }
}

function effectOf(rule: string | undefined): CascadeRule['effect'] | undefined {
  switch (rule?.toLowerCase()) {
    case 'cascade':
      return 'delete';
    case 'set null':
      return 'set null';
    default:
      return undefined;
  }
}
