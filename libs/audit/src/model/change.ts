import type { ChangeLabels } from './change-labels.js';
import type { Revision, RevisionBrief } from './revision.js';
import type { StateGap } from './state-gap.js';

/** The key of an entity as one has it at hand: a single key, or the parts of a composite one in the order of the key. */
export type EntityKey = string | number | bigint | Date | readonly (string | number | bigint | Date)[];

/** Kind of change; the same words as MikroORM's `ChangeSetType`. */
export type Operation = 'create' | 'update' | 'delete';

/** Property values by property path, decoded through the property types (`Date`, `bigint`, `Buffer`, ...). */
export type ChangeValues = Readonly<Record<string, unknown>>;

/** The paths a `FieldChange` of an entity can have: its properties, and dotted paths into embeddables. */
export type FieldPath<Entity> = Extract<keyof Entity, string> | `${Extract<keyof Entity, string>}.${string}`;

/** One property inside a change. */
export interface FieldChange<Entity = Record<string, unknown>> {
  readonly path: FieldPath<Entity>;
  /** Undefined when the change holds no earlier value (create). */
  readonly before: unknown;
  /** Undefined when the change holds no later value (delete). */
  readonly after: unknown;
  /** Of the entities that a relation names before or after, by entity id, as they were then; absent when none is known. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Of a difference what of it is not recorded: then something unaudited has its part in it. Absent when there is none. */
  readonly gaps?: readonly StateGap[];
}

/**
 * One entity's change inside a revision.
 * @typeParam Of the whole `Revision` where `details` were asked for
 */
export interface Change<Entity = Record<string, unknown>, Of extends RevisionBrief = RevisionBrief> {
  /** Identity of the change, a decimal string (PostgreSQL bigint); rises with each change of one entity. */
  readonly id: string;
  /** Name of the entity in the trail: `@Audited({ name })`, by default the class name. */
  readonly entityType: string;
  /** Primary key as text; a composite key is a JSON array of texts in key order. */
  readonly entityId: string;
  /** Name of the entity this one is part of; null when it is part of none. */
  readonly partOfType: string | null;
  readonly partOfId: string | null;
  /** Id of the entity of the same name that this one was part of until this change; null when it left none. */
  readonly partOfIdBefore: string | null;
  /** The entity id from this change on; null when the primary key stays. Under it the history goes on. */
  readonly renamedTo: string | null;
  readonly operation: Operation;
  /** Null on create; on update only the properties that changed; on delete the full last state. */
  readonly before: ChangeValues | null;
  /** Null on delete; on update only the properties that changed; on create the full state. */
  readonly after: ChangeValues | null;
  /** Labels as they were then; null when nothing had one. */
  readonly labels: ChangeLabels | null;
  /** The same change, property by property. */
  readonly fields: readonly FieldChange<Entity>[];
  /** Who, when and why; the whole `Revision` where `details` were asked for. */
  readonly revision: Of;
}

/** A revision with everything that happened in it, in the order of writing. */
export interface RevisionWithChanges extends Revision {
  readonly changes: readonly Omit<Change, 'revision'>[];
}
