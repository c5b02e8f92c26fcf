import type { Actor } from './actor.js';

/** The members that every conflict has. */
interface ConflictBase {
  readonly entityType: string;
  readonly entityId: string;
  /** The property it is about; null when it is about the entity. */
  readonly path: string | null;
  /**
   * `notice`: it happens as `message` says. `blocking`: `apply` refuses. `accepted`: it was blocking, and the plan was made
   * with `accept` of its kind.
   */
  readonly severity: 'notice' | 'blocking' | 'accepted';
  /** Whether planning again with `accept` of its kind makes it `accepted`. */
  readonly acceptable: boolean;
  /** The problem and what restoring does about it, one sentence. */
  readonly message: string;
}

/** Why restoring is not simply possible, or does not do everything. Its `kind` tells the members apart. */
export type RestoreConflict = ConflictBase &
  /** Changed after the point, by whom. Of a point in time a notice; undoing a revision it blocks, accepted it is overwritten. */
  (
    | {
        readonly kind: 'changed-since';
        /** The newest change of the property. */
        readonly changeId: string;
        readonly revisionId: string;
        /** ISO. */
        readonly recordedAt: string;
        readonly actor: Actor;
      }
    /** The row is not as the trail says, so something unaudited has changed it. As `changed-since`. */
    | {
        readonly kind: 'changed-unrecorded';
      }
    /**
     * Something unaudited had changed the property: the next change did not find what was recorded. A notice: what that change
     * found is restored.
     */
    | {
        readonly kind: 'history-gap';
        /** The change that found it. */
        readonly changeId: string;
        readonly revisionId: string;
      }
    /** The targets of a relation do not exist any more. Accepted, a nullable reference becomes null, and links are left out. */
    | {
        readonly kind: 'target-gone';
        readonly targetType: string;
        readonly targetIds: readonly string[];
      }
    /** Another row has the value of a unique property, of several together, or the key. Cannot be accepted. */
    | {
        readonly kind: 'unique-taken';
        readonly paths: readonly string[];
        /** Entity id of the other row; null when whoever restores may not see it. */
        readonly holderId: string | null;
      }
    /** The lock version has moved. It is never set back. A notice. */
    | {
        readonly kind: 'lock-version';
      }
    /** The trail has a value of a property that does not exist any more, or is not audited any more. A notice: left out. */
    | {
        readonly kind: 'property-gone';
      }
    /**
     * The value then cannot be restored. A property of an entity that exists stays as it is, which is a notice. One that is
     * created anew gets null, its default or what a hook gives, which has to be accepted when there was a value; without any
     * of these it cannot be.
     */
    | {
        readonly kind: 'value-unknown';
        /** `not-writable`: a time without an end, before Christ or after 9999, which MikroORM cannot send. */
        readonly reason: 'masked' | 'incomplete' | 'not-writable' | 'not-audited' | 'not-recorded' | 'hidden';
        readonly becomes: 'unchanged' | 'null' | 'default' | 'hook' | 'nothing';
      }
    /**
     * The database or a hook makes the value: generated columns and `onUpdate`. A notice: never set back. It blocks, and
     * cannot be accepted, where the database takes no key for a new row (`generated always as identity`).
     */
    | {
        readonly kind: 'computed';
      }
    /**
     * Rows that the plan does not know refer to what it deletes. `refused` by the database, which cannot be accepted; or
     * `deleted` or `detached` by it.
     */
    | {
        readonly kind: 'still-referenced';
        /** Name in the trail, or of the class when it is not audited; null when whoever restores may not see such rows. */
        readonly fromType: string | null;
        /** At most ten, of those that may be seen. */
        readonly fromIds: readonly string[];
        readonly effect: 'refused' | 'deleted' | 'detached';
      }
    /** An entity that the revision changed does not exist any more. Accepted, it is left alone. */
    | {
        readonly kind: 'entity-gone';
      }
    /** An entity that the revision deleted exists again. Accepted, it is left alone. */
    | {
        readonly kind: 'entity-exists';
      }
    /**
     * The key has changed, which is not undone. Where an earlier state is restored this is a notice, unless with children;
     * otherwise it cannot be accepted.
     */
    | {
        readonly kind: 'key-changed';
      }
  );

export type RestoreConflictKind = RestoreConflict['kind'];

/** The conflicts of one kind. */
export type ConflictOf<Kind extends RestoreConflictKind> = Extract<RestoreConflict, { readonly kind: Kind }>;
