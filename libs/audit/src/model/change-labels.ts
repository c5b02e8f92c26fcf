/** In characters; what is longer is cut. */
export const LONGEST_LABEL = 200;

/** The names of things when a change was recorded. They outlive renames and deletes. */
export interface ChangeLabels {
  /** The entity itself; null when it had no label, or it was not known. */
  readonly own: string | null;
  /**
   * Entities that its to-one relations referred to before or after, and those to which links came or went, by path and
   * entity id; only those that were loaded.
   */
  readonly targets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
