import type { Actor } from './actor.js';

/** By what changes are counted. */
export type CountedBy = keyof CountGroups;

/** The properties that all changes of a group share. */
export interface CountGroups {
  /** The label is that of the newest change; whom the actor acted for makes no difference. */
  readonly actor: { readonly actor: Actor };
  /** Null for changes without one. */
  readonly action: { readonly action: string | null };
  readonly entityType: { readonly entityType: string };
  readonly entity: { readonly entityType: string; readonly entityId: string };
}

/** How many changes have something in common. */
export type ChangeCount<By extends CountedBy = CountedBy> = CountGroups[By] & {
  readonly changes: number;
  /** Revisions that these changes are of. */
  readonly revisions: number;
};

/** How many changes there were, by what they have in common. */
export interface ChangeCounts<By extends CountedBy = CountedBy> {
  /** Those with the most changes first. */
  readonly items: readonly ChangeCount<By>[];
  /** How many groups there are, also those beyond the limit. */
  readonly groups: number;
  /** Changes of all groups together. */
  readonly changes: number;
  /**
   * Changes are counted from this time on, because there are more than are counted at a time; of that very moment, some may
   * be missing. Null when all were counted.
   */
  readonly countedFrom: Date | null;
}
