/** A moment of the trail. */
export interface GapEdge {
  readonly revisionId: string;
  readonly recordedAt: Date;
}

/** A gap: something that the trail does not know of an entity for a while, because auditing began later or something unaudited wrote it. */
export interface StateGap {
  readonly path: string;
  /**
   * `unknown`: no change tells the value, so it is not in the state. `unrecorded`: what one change left is not what the
   * next one found, and what was found is believed.
   */
  readonly kind: 'unknown' | 'unrecorded';
  /** The last revision before it, of those that changed the entity; null when the beginning of its history is not recorded. */
  readonly since: GapEdge | null;
  /** The revision that found the value; null when none has. */
  readonly until: GapEdge | null;
}
