import { EvidenceFormatError } from '../../errors/evidence-errors.js';
import { canonicalMembers, canonicalString } from '../leaf/canonical-text.js';
import { isSeed, type RowSalts, saltsOfJson } from '../leaf/row-salts.js';
import { isHash } from '../merkle/hashes.js';
import { fromBase64, fromDecimal } from '../note/strict-base64.js';
import type { SealedPosition } from '../verify/sealed-position.js';
import { rowJson, rowOfJson } from './row-json.js';

export const EXPORT_FORMAT = 'nestjs-mikro-audit/evidence@1';

/** The first line of an export. */
export interface ExportHeader {
  readonly format: typeof EXPORT_FORMAT;
  /** The signed checkpoint that all rows are proved by. */
  readonly checkpoint: string;
  /** Whether it is the whole log up to the checkpoint: its rows prove each other, and none can be missing. */
  readonly whole: boolean;
  /** The query, in the words of whoever exported; null when not given. */
  readonly query: unknown;
}

/** The last line. */
export interface ExportManifest {
  readonly rows: number;
  /** Rows that were asked for too, and which the checkpoint does not cover; 0 in an export of the whole log. */
  readonly notCovered: number;
  /** SHA-256 of all lines before it with their line breaks, hexadecimal. */
  readonly sha256: string;
}

/** A line between: a row with its proof. */
export interface ExportedRow {
  readonly stored: SealedPosition;
  /** From the leaf to the root; null in an export of the whole log. */
  readonly proof: readonly Buffer[] | null;
}

const MEMBERS: ReadonlySet<string> = new Set(['changeId', 'leafHash', 'position', 'proof', 'row', 'salts']);

export function rowLine({ stored, proof }: ExportedRow): string {
  const { position, changeId, leafHash, salts, row } = stored;
  const members = [
    `"changeId":${changeId === null ? 'null' : canonicalString(changeId)}`,
    `"leafHash":"${leafHash.toString('base64')}"`,
    `"position":${position}`,
    ...(proof ? [`"proof":${JSON.stringify(proof.map((hash) => hash.toString('base64')))}`] : []),
    `"row":${row === null ? 'null' : rowJson(row)}`,
    `"salts":${saltsJson(salts)}`,
  ];
  return `{${members.join(',')}}`;
}

/** @throws EvidenceFormatError when it is no such line */
export function parseRowLine(line: string): ExportedRow {
  const members = canonicalMembers(line) ?? new Map<string, string>();
  const position = fromDecimal(members.get('position') ?? '');
  const leafHash = fromBase64(textIn(members.get('leafHash')) ?? '');
  const [row, salts, proof] = [members.get('row'), members.get('salts'), members.get('proof')];
  const unknown = [...members.keys()].find((name) => !MEMBERS.has(name));
  if (unknown !== undefined) {
    throw new EvidenceFormatError(
      'line of an export',
      `nothing proves its member ${JSON.stringify(unknown)}`,
    );
  }
  if (
    position === null ||
    leafHash === null ||
    !isHash(leafHash) ||
    row === undefined ||
    salts === undefined
  ) {
    throw new EvidenceFormatError('line of an export', 'it is no row with its position, hash and salts');
  }
  return {
    stored: {
      position,
      changeId: textIn(members.get('changeId')),
      leafHash,
      salts: saltsOfJson(JSON.parse(salts)),
      row: row === 'null' ? null : rowOfJson(row),
    },
    proof: proof === undefined ? null : proofOf(JSON.parse(proof)),
  };
}

function textIn(json: string | undefined): string | null {
  const text: unknown = json === undefined ? undefined : JSON.parse(json);
  return typeof text === 'string' ? text : null;
}

function proofOf(value: unknown): readonly Buffer[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [null];
  return texts.map((text) => (typeof text === 'string' ? fromBase64(text) : null) ?? Buffer.alloc(0));
}

function saltsJson(salts: RowSalts | null): string {
  return salts !== null && isSeed(salts)
    ? `"${Buffer.from(salts).toString('base64')}"`
    : JSON.stringify(salts);
}
