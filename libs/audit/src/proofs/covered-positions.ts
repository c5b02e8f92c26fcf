import { EvidenceNotCoveredError } from '../errors/evidence-errors.js';
import { parseCheckpoint } from '../evidence/note/checkpoint.js';
import { SignedNote } from '../evidence/note/signed-note.js';
import type { SealRow } from './seal-sql.js';

/** Changes that are looked up at once. */
const PAGE = 1_000;

/**
 * The positions of changes in their order, each once.
 * @param look how changes stand in the log, by their ids
 * @throws EvidenceNotCoveredError for one that the checkpoint does not cover
 */
export async function coveredPositions(
  changes: readonly string[] | AsyncIterable<string>,
  checkpoint: string,
  look: (ids: readonly string[]) => Promise<readonly SealRow[]>,
): Promise<readonly number[]> {
  const { size } = parseCheckpoint(SignedNote.parse(checkpoint).text);
  const positions = new Set<number>();
  for await (const ids of pagesOf(changes)) {
    for (const { id, position, is_sealed } of await look(ids)) {
      if (position === null || !is_sealed || Number(position) >= size) {
        throw new EvidenceNotCoveredError(id, position === null ? null : Number(position));
      }
      positions.add(Number(position));
    }
  }
  return [...positions].sort((one, other) => one - other);
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
