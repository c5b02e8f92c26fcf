import { EvidenceNotCoveredError } from '../errors/evidence-errors.js';
import { parseCheckpoint } from '../evidence/note/checkpoint.js';
import { SignedNote } from '../evidence/note/signed-note.js';
import type { SealRow } from './seal-sql.js';

/** How changes are met that the checkpoint does not cover: they end the export, or it says how many it left out. */
export type UncoveredRows = 'refuse' | 'leave-out';

/** Changes that are looked up at once. */
const PAGE = 1_000;

/** Where changes stand that a checkpoint covers. */
interface CoveredPositions {
  /** In their order, each once. */
  readonly positions: readonly number[];
  /** Number of the changes that it does not cover. */
  readonly notCovered: number;
}

/** @param look how changes stand in the log, by their ids */
export async function coveredPositions(
  changes: readonly string[] | AsyncIterable<string>,
  checkpoint: string,
  look: (ids: readonly string[]) => Promise<readonly SealRow[]>,
  notCovered: UncoveredRows,
): Promise<CoveredPositions> {
  const { size } = parseCheckpoint(SignedNote.parse(checkpoint).text);
  // No `Set`: it takes four times as much memory, and no more than 16 million.
  const positions: number[] = [];
  let leftOut = 0;
  for await (const ids of pagesOf(changes)) {
    for (const { id, position, is_sealed } of await look(ids)) {
      const isCovered = position !== null && is_sealed && Number(position) < size;
      if (isCovered) {
        positions.push(Number(position));
      } else if (notCovered === 'refuse') {
        throw new EvidenceNotCoveredError(id, position === null ? null : Number(position));
      } else {
        leftOut += 1;
      }
    }
  }
  positions.sort((one, other) => one - other);
  return { positions: positions.filter((one, place) => one !== positions[place - 1]), notCovered: leftOut };
}

async function* pagesOf(
  changes: readonly string[] | AsyncIterable<string>,
): AsyncGenerator<readonly string[], void> {
  let page: string[] = [];
  for await (const id of changes) {
    page.push(id);
    if (page.length === PAGE) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) {
    yield page;
  }
}
