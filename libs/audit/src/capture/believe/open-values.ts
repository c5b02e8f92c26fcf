import type { JsonValue } from '../../model/json.js';
import type { RowReader } from '../orm/row-reader.js';
import type { Draft } from '../record/draft.js';
import type { SnapshotTrust } from './snapshot-trust.js';

/**
 * Reads the values that only the database knows, once per table, after the statements.
 * @returns the drafts without those whose statement hit no row
 */
export async function closeDrafts(
  drafts: readonly Draft[],
  snapshots: SnapshotTrust,
  reader: RowReader,
): Promise<readonly Draft[]> {
  const missing = new Set<Draft>();
  const open = drafts.filter(isOpen);
  for (const [codec, ofTable] of Map.groupBy(open, (draft) => draft.codec)) {
    const keys = ofTable.map((draft) => draft.open.key);
    const rows = await reader.rowsByKey(codec, keys, 'none');
    for (const draft of ofTable) {
      const row = rows.get(draft.entityId);
      if (!row) {
        missing.add(draft);
        continue;
      }
      for (const [name, sent] of draft.open.values) {
        const stored = codec.encode(name, row[name], 'row');
        (draft.after as Record<string, JsonValue>)[name] = stored;
        if (sent !== undefined && draft.entity) {
          snapshots.noteStoredAs(draft.entity, name, { sent, stored });
        }
      }
    }
  }
  return missing.size === 0 ? drafts : drafts.filter((draft) => !missing.has(draft));
}

type OpenDraft = Draft & { readonly open: NonNullable<Draft['open']> };

export function isOpen(draft: Draft): draft is OpenDraft {
  return draft.open !== null;
}
