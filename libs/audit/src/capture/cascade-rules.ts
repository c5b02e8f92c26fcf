import { type EntityMetadata, type EntityProperty, type MikroORM, ReferenceKind } from '@mikro-orm/core';
import type { EntityCodec, EntityCodecs } from '../serialize/entity/entity-codec.js';

/** What the database does to rows of an audited entity when the row they point to is deleted, or gets another key. */
export interface CascadeRule {
  readonly codec: EntityCodec;
  readonly reference: EntityProperty;
  readonly effect: 'delete' | 'set null' | 'set key';
}

type DeleteRule = CascadeRule & { readonly effect: 'delete' | 'set null' };

/**
 * Foreign keys of audited entities on which the database acts by itself. MikroORM sees nothing of that for children
 * it has not loaded, so they are read before the parent is deleted or gets its new key.
 */
export class CascadeRules {
  private readonly deletes = new Map<object, CascadeRule[]>();
  private readonly children = new Map<object, DeleteRule[]>();
  private readonly keyChanges = new Map<object, CascadeRule[]>();

  constructor(orm: MikroORM, codecs: EntityCodecs) {
    const { defaultDeleteRule, defaultUpdateRule, createForeignKeyConstraints } =
      orm.config.get('schemaGenerator');
    for (const codec of codecs.all()) {
      for (const reference of codec.policy.meta.relations) {
        const target = reference.targetMeta?.root.class;
        if (!target || !isForeignKey(reference, createForeignKeyConstraints)) {
          continue;
        }
        const onDelete = effectOfDelete(reference.deleteRule ?? defaultDeleteRule);
        if (onDelete) {
          const rule = { codec, reference, effect: onDelete };
          add(this.deletes, target, rule);
          add(this.children, codec, rule);
        }
        if ((reference.updateRule ?? defaultUpdateRule)?.toLowerCase() === 'cascade') {
          add(this.keyChanges, target, { codec, reference, effect: 'set key' });
        }
      }
    }
  }

  /** The rules that deleting an entity of this class sets off. */
  onDelete(meta: EntityMetadata): readonly CascadeRule[] {
    return this.deletes.get(meta.root.class) ?? [];
  }

  /** The rules that deleting what a row of this class points to sets off for the row. */
  ofChild(codec: EntityCodec): readonly DeleteRule[] {
    return this.children.get(codec) ?? [];
  }

  /** The rules that changing the key of an entity of this class sets off. */
  onKeyChange(meta: EntityMetadata): readonly CascadeRule[] {
    return this.keyChanges.get(meta.root.class) ?? [];
  }
}

function add<Rule extends CascadeRule>(rules: Map<object, Rule[]>, target: object, rule: Rule): void {
  rules.set(target, [...(rules.get(target) ?? []), rule]);
}

function isForeignKey(reference: EntityProperty, byDefault: boolean | undefined): boolean {
  const ownsColumn =
    reference.kind === ReferenceKind.MANY_TO_ONE ||
    (reference.kind === ReferenceKind.ONE_TO_ONE && reference.owner);
  return (
    ownsColumn &&
    !reference.polymorphic &&
    reference.persist !== false &&
    (reference.createForeignKeyConstraint ?? byDefault) !== false
  );
}

function effectOfDelete(rule: string | undefined): 'delete' | 'set null' | undefined {
  switch (rule?.toLowerCase()) {
    case 'cascade':
      return 'delete';
    case 'set null':
      return 'set null';
    default:
      return undefined;
  }
}
