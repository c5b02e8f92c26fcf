import { type EntityMetadata, type EntityProperty, type MikroORM, ReferenceKind } from '@mikro-orm/core';
import type { EntityCodec, EntityCodecs } from '../../serialize/entity/entity-codec.js';

/** An effect of the database on rows of an audited entity, when the row they point to is deleted or gets another key. */
export interface ForeignKeyRule {
  readonly codec: EntityCodec;
  readonly reference: EntityProperty;
  readonly effect: 'delete' | 'set null' | 'set key';
}

/**
 * Foreign keys of audited entities on which the database acts by itself. MikroORM sees nothing of that for children
 * it has not loaded.
 */
export class ForeignKeys {
  private readonly deletes = new Map<unknown, ForeignKeyRule[]>();
  private readonly keyChanges = new Map<unknown, ForeignKeyRule[]>();

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
          add(this.deletes, target, { codec, reference, effect: onDelete });
        }
        if ((reference.updateRule ?? defaultUpdateRule)?.toLowerCase() === 'cascade') {
          add(this.keyChanges, target, { codec, reference, effect: 'set key' });
        }
      }
    }
  }

  /** The rules that deleting an entity of this class sets off. */
  onDelete(meta: EntityMetadata): readonly ForeignKeyRule[] {
    return this.deletes.get(meta.root.class) ?? [];
  }

  /** The rules that changing the key of an entity of this class sets off. */
  onKeyChange(meta: EntityMetadata): readonly ForeignKeyRule[] {
    return this.keyChanges.get(meta.root.class) ?? [];
  }

  /** The rules that a rule sets off in turn, for the rows that it changes. */
  next({ codec, reference, effect }: ForeignKeyRule): readonly ForeignKeyRule[] {
    const { meta } = codec.policy;
    switch (effect) {
      case 'delete':
        return this.onDelete(meta);
      case 'set null':
        return [];
      case 'set key':
        return reference.primary ? this.onKeyChange(meta) : [];
    }
  }

  /** The tables of all rows that rules may change, at any level, by root class. */
  reachOf(rules: readonly ForeignKeyRule[]): ReadonlySet<unknown> {
    const seen = new Set<ForeignKeyRule>();
    for (let level = rules; level.length > 0; ) {
      const fresh = level.filter((rule) => !seen.has(rule));
      for (const rule of fresh) {
        seen.add(rule);
      }
      level = fresh.flatMap((rule) => this.next(rule));
    }
    return new Set([...seen].map(({ codec }) => codec.policy.meta.root.class));
  }
}

function add(rules: Map<unknown, ForeignKeyRule[]>, target: unknown, rule: ForeignKeyRule): void {
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
