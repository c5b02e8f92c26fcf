import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import type { FormerPaths } from './former-paths.js';
import type { LabelFunction, MaskKind, UnrecordedWriteRule } from './policy-declaration.js';
import type { RowPlace } from './row-schema.js';

/** A property whose values the trail holds: exactly those that have a column of their own. */
export interface AuditedProperty {
  /** MikroORM's name, flattened for inline embeddables: `address_street`. */
  readonly name: string;
  /** The name in the trail: `address.street`. */
  readonly path: string;
  readonly prop: EntityProperty;
  /** Whether another class of the same table has the column under another name. */
  readonly sharesColumn: boolean;
  /** Null when the value is stored as it is. */
  readonly mask: MaskKind | null;
  /**
   * Members of an embeddable that is stored as JSON which are hidden or leave no trace, at any depth, by MikroORM's
   * name; empty for any other property.
   */
  readonly members: ReadonlyMap<string, MaskKind | 'ignore'>;
}

/** A many-to-many relation whose links the trail records on this side. */
export interface AuditedCollection {
  readonly name: string;
  readonly prop: EntityProperty;
  /** True when the order of the links is data (`fixedOrder`); then the trail holds whole lists, not differences. */
  readonly ordered: boolean;
  /** Whether the trail only says that there are links, and that they changed. */
  readonly isMasked: boolean;
}

/** The policy of one entity class: decorators, policies and MikroORM metadata merged, once, at boot. */
export interface EntityPolicy extends RowPlace {
  /** Name of the class in the trail. */
  readonly name: string;
  /** Name in the trail: that of the class, with the schema where another one has rows of the class, too. */
  readonly entityType: string;
  readonly meta: EntityMetadata;
  /** By MikroORM's property name. */
  readonly properties: ReadonlyMap<string, AuditedProperty>;
  readonly collections: ReadonlyMap<string, AuditedCollection>;
  /** Whether it is recorded who looked at the entities. */
  readonly recordsReads: boolean;
  /** Always read the stored state before and after the change, whatever the unit of work believes. */
  readonly exact: boolean;
  /** Null when the option of the module decides. */
  readonly requireActor: boolean | null;
  readonly requireReason: boolean;
  /** Null when the option of the module decides. */
  readonly unrecordedWrites: UnrecordedWriteRule | null;
  /** To-one property that leads to the entity this one is part of; null when there is none. */
  readonly partOf: string | null;
  /** The name of the entity for people: a path, or a function of its values; null when nothing does. */
  readonly label: string | LabelFunction | null;
  /** Names under which older history is stored. */
  readonly formerTypes: readonly string[];
  /** Paths under which older history is stored. */
  readonly formerPaths: FormerPaths;
}
