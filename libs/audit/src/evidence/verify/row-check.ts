import { AuditError } from '../../errors/audit-error.js';
import { type Leaf, leafOf } from '../leaf/leaf.js';
import { leafHashOf } from '../merkle/hashes.js';
import type { FindingList } from './finding-list.js';
import type { SealedPosition } from './sealed-position.js';

/** Holds rows against the hashes that are stored beside them. */
export class RowCheck {
  private rows = 0;

  constructor(private readonly findings: FindingList) {}

  /** How many rows were checked. */
  get count(): number {
    return this.rows;
  }

  /** @returns the hash of the row as it is now; null when there is none */
  check({ position, changeId, leafHash, salts, row }: SealedPosition): Buffer | null {
    this.rows += 1;
    if (row === null) {
      const message =
        changeId === null
          ? `The change of position ${position} is gone, and nothing says which one it was.`
          : `Change ${changeId} of position ${position} is gone.`;
      this.findings.add('row-missing', message, { from: position, changeId });
      return null;
    }
    let leaf: Leaf;
    try {
      if (salts === null) {
        throw new RangeError('its salts are gone');
      }
      leaf = leafOf(row, salts);
    } catch (error) {
      // Anything put into the tables is a finding, never the end of a verification.
      const problem = error instanceof AuditError ? (error.data.problem ?? error.code) : String(error);
      this.findings.add(
        'row-changed',
        `Change ${row.id} of position ${position} cannot be proved: ${problem}.`,
        { from: position, row },
      );
      return null;
    }
    const hash = leafHashOf(leaf.data);
    if (row.id !== changeId || !hash.equals(leafHash)) {
      this.findings.add('row-changed', `Change ${row.id} of position ${position} is not what was sealed.`, {
        from: position,
        row,
      });
    } else if (leaf.erased.length > 0) {
      const names = leaf.erased.join(', ');
      this.findings.add('fields-erased', `Of change ${row.id} was erased: ${names}.`, {
        from: position,
        row,
      });
    }
    return hash;
  }
}
