/** The tables that a log is stored in, quoted and with their schemas. */
export interface LogTables {
  /** `audit_change`: the rows. */
  readonly change: string;
  /** `audit_read`: what they have looked at. */
  readonly read: string;
  /** `audit_position`: which row has which position. */
  readonly position: string;
  /** `audit_leaf`: hash and salts of each position. */
  readonly leaf: string;
  /** `audit_tree_hash`: hashes above level 0. */
  readonly treeHash: string;
}
