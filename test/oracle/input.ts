import type { ExactJson } from './exact-json.js';
import type { EntityModel } from './model.js';

/** Column values by column name, as `to_jsonb(row)` has them. */
export interface Row {
  readonly [column: string]: ExactJson;
}

/** The effect of one statement on one row, written by the shadow trigger in the same transaction. */
export interface TruthRow {
  readonly seq: number;
  /** Of the database transaction, not of a savepoint. */
  readonly transactionId: string;
  readonly table: string;
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE';
  readonly old: Row | null;
  readonly new: Row | null;
}

/** A revision, as far as the checker needs it: the first row of it. */
export interface TrailRevision {
  readonly id: string;
  readonly transactionId: string;
  /** Who acted, for whom, as one text. */
  readonly actor: string;
  /** Who, when and why, as one text. */
  readonly brief: string;
}

/** A change. */
export interface TrailChange {
  readonly id: string;
  readonly revisionId: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly operation: string;
  /** Who, when and why, as one text. */
  readonly brief: string;
  readonly before: { readonly [path: string]: ExactJson } | null;
  readonly after: { readonly [path: string]: ExactJson } | null;
}

/** Everything that the checker looks at. Plain data. */
export interface OracleInput {
  readonly entities: readonly EntityModel[];
  readonly truth: readonly TruthRow[];
  readonly revisions: readonly TrailRevision[];
  readonly changes: readonly TrailChange[];
  /** Rows of every table now. */
  readonly current: { readonly [table: string]: readonly Row[] };
  /** Rows from before the trail began, by table. */
  readonly baseline?: { readonly [table: string]: readonly Row[] };
}

export interface CheckOptions {
  /**
   * True: one change per entity and one revision per transaction and actor. False: what several changes of one transaction say
   * together counts, for transactions that MikroORM did not open and for buffers that spilled.
   * @default true
   */
  readonly merged?: boolean;
  /**
   * True where triggers write changes besides the unit of work: what several changes of an entity in one transaction say together
   * counts, but there is still one revision for each transaction and actor.
   * @default false
   */
  readonly folded?: boolean;
  /** Entity types in the trail that the model does not have and that are none of our business. */
  readonly otherTypes?: readonly string[];
}
