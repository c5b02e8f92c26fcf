import type { ColumnType } from './normalize.js';

/** A column with the way its values compare. */
export interface ColumnModel {
  readonly table: string;
  readonly name: string;
  readonly type: ColumnType;
}

/** A property of an entity: its path in the trail and where the truth stands. */
export interface PropertyModel {
  readonly path: string;
  /** Several for a composite foreign key: the trail then holds an array. */
  readonly columns: readonly ColumnModel[];
  readonly primary: boolean;
  /** A relation to several classes: the columns are the class and its key, the trail has `{ type, id }`. */
  readonly polymorphic: boolean;
}

/** A many-to-many relation, recorded on one of its sides. */
export interface LinkModel {
  readonly path: string;
  readonly table: string;
  /** Refer to the entity that records the links, in the order of its key. */
  readonly ownerColumns: readonly ColumnModel[];
  readonly targetColumns: readonly ColumnModel[];
  /** When several relations share the table: which rows belong to this one. */
  readonly filter: { readonly column: string; readonly value: string } | null;
  /** Present when the order of the links is data; the trail then holds whole lists, not differences. */
  readonly orderColumn: ColumnModel | null;
}

/** One audited entity class: all that the checker needs to compare tables with the trail. */
export interface EntityModel {
  /** Name in the trail. */
  readonly entityType: string;
  /** One table; with table-per-type from the root class down to this class. */
  readonly tables: readonly [string, ...string[]];
  /** In the root table (the other ones use the same names), in the order of the entity's key. */
  readonly key: readonly [ColumnModel, ...ColumnModel[]];
  /** With a single-table hierarchy: the rows of this class. */
  readonly discriminator: { readonly column: string; readonly value: string } | null;
  /** With table-per-type: a row that is in one of these tables too is of a subclass. */
  readonly subclassTables: readonly string[];
  readonly properties: readonly PropertyModel[];
  readonly links: readonly LinkModel[];
  /** Paths that must leave no trace. */
  readonly ignored: readonly string[];
}
