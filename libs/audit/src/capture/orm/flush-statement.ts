import type { EntityManager, EntityMetadata, EntityProperty } from '@mikro-orm/core';

/** A statement of a flush: one on the table of a class, or those that synchronize collections. */
export type FlushStatement =
  | {
      readonly meta: EntityMetadata;
      readonly schema: string | undefined;
      readonly event: 'insert' | 'delete';
    }
  | {
      readonly meta: EntityMetadata;
      readonly schema: string | undefined;
      readonly event: 'update';
      /** The properties that it sets. */
      readonly names: () => readonly string[];
    }
  | { readonly event: 'links'; readonly collections: readonly WrittenCollection[] };

/** A collection that a flush synchronizes. */
interface WrittenCollection {
  readonly relation: EntityProperty;
  readonly ownerMeta: EntityMetadata;
  /** The one of its owner; undefined where the EntityManager, or the configuration, decides. */
  readonly schema: string | undefined;
}

/** Where a statement comes from. */
export type StatementSource =
  | { readonly flush: FlushStatement }
  | {
      /** Null where nobody has told. */
      readonly em: EntityManager | null;
      /** Where it looks for tables of classes without a schema; undefined where nobody has told. */
      readonly schema: string | undefined;
    };
