import { EvidenceFormatError } from '../../errors/evidence-errors.js';
import { leafHashOf } from '../merkle/hashes.js';
import { canonicalString } from './canonical-text.js';
import { saltedHash } from './commitment.js';
import { isEmptyField, presentObjects, rowFields } from './row-fields.js';
import { checkSalts, isSeed, newSeed, type RemainingSalts, type RowSalts, saltsByName } from './row-salts.js';
import { OPEN_COLUMNS, type SealedRow } from './sealed-columns.js';

/** Version of the form of a leaf. */
const VERSION = 1;

/** A row that was sealed: all that the log stores of it. */
export interface Sealed {
  /** 32 bytes: what the tree has of the row. */
  readonly leafHash: Buffer;
  /** 32 random bytes, to be kept beside the hash and nowhere else. */
  readonly seed: Buffer;
}

/** Stands in the tree for a row that was gone before it could be sealed. No row has this hash. */
export const MISSING_ROW: Buffer = leafHashOf(`{"row":null,"v":${VERSION}}`);

/** The tree's commitment to one row. */
export interface Leaf {
  /** Canonical JSON; its hash as a leaf of RFC 6962 is in the tree. It holds no value that can be erased. */
  readonly data: string;
  /** Names of commitments whose values were erased. */
  readonly erased: readonly string[];
}

/** Seals a row with a new seed. */
export function sealRow(row: SealedRow): Sealed {
  const seed = newSeed();
  return { leafHash: leafHashOf(leafOf(row, seed).data), seed };
}

/**
 * The leaf of a row as it is now.
 * @throws EvidenceFormatError when a column is not what a database can hold, or a value is there that was erased
 */
export function leafOf(row: SealedRow, salts: RowSalts): Leaf {
  const commitments = new Map<string, string>();
  checkSalts(salts);
  const erased = isSeed(salts) ? {} : salts.erased;
  const saltOf = saltsByName(salts);
  for (const [name, value] of rowFields(row)) {
    if (Object.hasOwn(erased, name)) {
      if (!isEmptyField(value)) {
        throw new EvidenceFormatError('leaf', `${name} was erased, and has a value`);
      }
      continue;
    }
    const salt = saltOf(name);
    if (salt === null) {
      throw new EvidenceFormatError('leaf', `${name} has no salt`);
    }
    commitments.set(name, saltedHash(salt, value));
  }
  for (const [name, commitment] of Object.entries(erased)) {
    commitments.set(name, commitment);
  }
  return { data: dataOf(row, commitments), erased: Object.keys(erased) };
}

/**
 * Salts for a row of which fields are to be erased. The values have to go from the row as well: text columns become null,
 * members and property values null or absent. The leaf stays as it is.
 * @param names of commitments, such as `reason`, `origin.ip` or `values.title`
 * @throws EvidenceFormatError when the row has no such field
 */
export function saltsWithout(row: SealedRow, salts: RowSalts, names: Iterable<string>): RemainingSalts {
  const gone = new Set(names);
  const kept: [string, string][] = [];
  const erased = isSeed(salts) ? [] : Object.entries(salts.erased);
  const saltOf = saltsByName(salts);
  for (const [name, value] of rowFields(row)) {
    const salt = saltOf(name);
    if (salt === null) {
      continue;
    }
    if (gone.delete(name)) {
      erased.push([name, saltedHash(salt, value)]);
    } else {
      kept.push([name, salt]);
    }
  }
  if (gone.size > 0) {
    throw new EvidenceFormatError('field of the row', [...gone].join(', '));
  }
  return { salts: Object.fromEntries(kept), erased: Object.fromEntries(erased) };
}

function dataOf(row: SealedRow, commitments: ReadonlyMap<string, string>): string {
  const committed = [...commitments.keys()]
    .sort()
    .map((name) => `${canonicalString(name)}:"${commitments.get(name)}"`);
  const objects = presentObjects(row).map((column) => `"${column}"`);
  const open: string[] = [];
  for (const column of OPEN_COLUMNS) {
    const text = row[column];
    if (text !== null) {
      open.push(`"${column}":${canonicalString(text)}`);
    }
  }
  return `{"commitments":{${committed.join(',')}},"objects":[${objects.join(',')}],"row":{${open.join(',')}},"v":${VERSION}}`;
}
