import { isDeepStrictEqual } from 'node:util';
import type { ChangeRecord } from '../model/change-record.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import type { CaptureEnvironment, StoredAs } from './capture-environment.js';
import type { EntityValues } from './flush-subject.js';
import { type OpenDraft, type RowDraft, toRecord } from './row-draft.js';
import type { StateReader } from './state-reader.js';

/** Finishes drafts: reads what only the database knows, once per table, and leaves out what turns out to be no change. */
export async function resolveDrafts(
  drafts: readonly RowDraft[],
  environment: CaptureEnvironment,
  reader: StateReader,
): Promise<readonly ChangeRecord[]> {
  const missing = new Set<RowDraft>();
  const open = drafts.filter(isOpen);
  for (const [codec, ofTable] of Map.groupBy(open, (draft) => draft.codec)) {
    for (const [schema, ofSchema] of Map.groupBy(ofTable, (draft) => draft.schema)) {
      const keys = ofSchema.flatMap(({ key, keyBefore }) =>
        keyBefore && idOf(codec, keyBefore) !== idOf(codec, key) ? [key, keyBefore] : [key],
      );
      const rows = await reader.rowsByKey(codec, keys, 'none', schema);
      const created = drafts.filter((draft) => draft.codec === codec && draft.operation === 'create');
      const idsAfter = new Set([
        ...ofSchema.map(({ key }) => idOf(codec, key)),
        ...created.map(({ entityId }) => entityId),
      ]);
      for (const draft of ofSchema) {
        const [id, idBefore] = [idOf(codec, draft.key), idOf(codec, draft.keyBefore ?? draft.key)];
        const rowBefore = rows.get(idBefore);
        const isStillThere = rowBefore && id !== idBefore && !idsAfter.has(idBefore);
        const row = isStillThere ? rowBefore : (rows.get(id) ?? rowBefore);
        if (row) {
          settle(draft, row, environment);
          if (row === rowBefore && id !== idBefore) {
            // The new key was not written; the unit of work believes it was.
            environment.snapshots.distrust(draft.entity);
          }
        } else {
          // The statement hit no row.
          missing.add(draft);
        }
      }
    }
  }
  const records: ChangeRecord[] = [];
  for (const draft of drafts) {
    const record = missing.has(draft) ? null : toRecord(draft, environment.policyOf);
    if (record) {
      records.push(record);
    }
  }
  return records;
}

function idOf(codec: EntityCodec, key: EntityValues): string {
  return codec.entityId(key, 'unit-of-work');
}

function isOpen(draft: RowDraft): draft is OpenDraft {
  return draft.unresolved !== undefined && draft.unresolved.size > 0;
}

function settle(
  { entity, codec, after, unresolved, rowBefore }: OpenDraft,
  row: EntityValues,
  environment: CaptureEnvironment,
): void {
  const storedAs = environment.storedAs.get(entity) ?? new Map<string, StoredAs>();
  for (const [name, sent] of unresolved) {
    if (rowBefore && isDeepStrictEqual(rowBefore[name], row[name])) {
      // Said of the rows themselves, because what is hidden in a value cannot be compared once it is encoded.
      delete after[name];
      continue;
    }
    const stored = codec.encode(name, row[name], 'row');
    after[name] = stored;
    if (sent !== undefined) {
      storedAs.set(name, { sent, stored });
    }
  }
  environment.storedAs.set(entity, storedAs);
}
