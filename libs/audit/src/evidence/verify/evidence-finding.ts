/**
 * The faults that a log can have:
 * - `checkpoint-refused`: an invalid checkpoint, or one that no trusted key has signed for this log and size.
 * - `checkpoints-conflict`: two signed checkpoints of one size that differ. The log has told two stories.
 * - `log-shrunk`: a checkpoint covers more positions than there are. The end was cut off, or a backup was restored.
 * - `positions-missing`: positions are gone from the middle.
 * - `positions-disordered`: a position is there twice, or in another place.
 * - `row-missing`: the row of a position was deleted.
 * - `row-changed`: a row is not what was sealed.
 * - `hashes-changed`: stored hashes are not those of the leaves below them.
 * - `root-differs`: leaves are not those that a checkpoint covers: rows were replaced together with their hashes, put in, taken
 *   out or exchanged.
 * - `row-unsealed`: a committed row that is not in the log although it should be by now, so that no checkpoint will cover it.
 * - `row-backdated`, `row-postdated`: it was sealed after rows that are much younger than it says, or before its time.
 * - `export-changed`: a file of an export has lost lines, or was edited.
 * - `fields-erased`: values are gone with their salts, as an erasure leaves them; all else of the row is proved.
 * - `not-covered`: rows that no checkpoint covers yet.
 */
export type EvidenceFindingKind =
  | 'checkpoint-refused'
  | 'checkpoints-conflict'
  | 'log-shrunk'
  | 'positions-missing'
  | 'positions-disordered'
  | 'row-missing'
  | 'row-changed'
  | 'hashes-changed'
  | 'root-differs'
  | 'row-unsealed'
  | 'row-backdated'
  | 'row-postdated'
  | 'export-changed'
  | 'fields-erased'
  | 'not-covered';

/** `error`: the trail is not what was sealed. `warning`: somebody should look. `info`: nothing is wrong. */
export type EvidenceSeverity = 'error' | 'warning' | 'info';

export const SEVERITIES: Readonly<Record<EvidenceFindingKind, EvidenceSeverity>> = {
  'checkpoint-refused': 'error',
  'checkpoints-conflict': 'error',
  'log-shrunk': 'error',
  'positions-missing': 'error',
  'positions-disordered': 'error',
  'row-missing': 'error',
  'row-changed': 'error',
  'hashes-changed': 'error',
  'root-differs': 'error',
  'row-unsealed': 'error',
  'row-backdated': 'warning',
  'row-postdated': 'warning',
  'export-changed': 'error',
  'fields-erased': 'warning',
  'not-covered': 'info',
};

/** One thing that was found. */
export interface EvidenceFinding {
  readonly kind: EvidenceFindingKind;
  readonly severity: EvidenceSeverity;
  /** First and last position that it is about, from 0; null when it is about none. */
  readonly from: number | null;
  readonly to: number | null;
  /** Id of the change; null when it is about none, or nobody knows which. */
  readonly changeId: string | null;
  /** As the row says now; null when it is about no single row, or the row is gone. */
  readonly entityType: string | null;
  readonly entityId: string | null;
  /** For people, one sentence. */
  readonly message: string;
}

/** The result of a verification. */
export interface EvidenceReport {
  /** Whether nothing of severity `error` was found. */
  readonly ok: boolean;
  readonly origin: string;
  /** How many rows were verified. */
  readonly rows: number;
  /** How many positions there are; null when only a part of them is at hand. */
  readonly size: number | null;
  /** Size and root (base64) of the largest checkpoint that is believed; null when there is none. */
  readonly checkpoint: { readonly size: number; readonly root: string } | null;
  /** How many checkpoints the rows agree with. */
  readonly checkpoints: number;
  /** How many findings there are of each kind; kinds without any are left out. */
  readonly counts: Readonly<Partial<Record<EvidenceFindingKind, number>>>;
  /** The first of each kind, at most `maxFindings`; all of them are counted. */
  readonly findings: readonly EvidenceFinding[];
}
