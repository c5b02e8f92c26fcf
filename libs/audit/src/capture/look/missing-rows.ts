import type { RowName } from '../../model/row-map.js';
import { RowKey } from '../orm/row-key.js';
import type { RowReader } from '../orm/row-reader.js';
import type { Subject } from '../subject/subject.js';

/**
 * Fails closed where an update was sent to a row that was missing when it was read, and is there now: another
 * transaction has inserted it in between, so that nobody knows its values before.
 * @param isOwn whether the flush itself has put a row there
 * @throws Error that names entity and key
 */
export async function assertStillMissing(
  subjects: readonly Subject[],
  isOwn: (row: RowName) => boolean,
  reader: RowReader,
): Promise<void> {
  for (const [codec, ofClass] of Map.groupBy(subjects, (subject) => subject.codec)) {
    const keys = ofClass.map(({ original }) => original);
    for (const row of (await reader.rowsByKey(codec, keys, 'none')).values()) {
      const key = RowKey.of(codec, row, 'row');
      if (!isOwn(key)) {
        throw new Error(
          `${codec.policy.entityType} ${key.text} was inserted by another transaction while its update was sent; repeat the work`,
        );
      }
    }
  }
}
