/** The tables that a log is stored in, quoted and with their schemas. */
export interface LogTables {
  /** `audit_change`: the rows. */
  readonly change: string;
  /** `audit_read`: what they have looked at. */
  readonly read: string;
  /** Positions with `change_id`, `leaf_hash`, `seed` and `salts`. */
  readonly position: string;
  /** Hashes above level 0: `level`, `index`, `hash`. */
  readonly hash: string;
}
