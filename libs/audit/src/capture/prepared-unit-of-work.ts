import { RowMap, type RowName } from '../model/row-map.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { createdValues } from './believe/row-changes.js';
import type { FlushedChanges, MaybePromise, PreparedFlush } from './change-source.js';
import type { FlushWork } from './flush-work.js';
import { type ExecutedFlush, FlushedUnitOfWork } from './flushed-unit-of-work.js';
import type { LinksBefore } from './links/links-before.js';
import { PendingLinks } from './links/pending-links.js';
import { assertStillMissing } from './look/missing-rows.js';
import { renamedKeys } from './look/renamed-keys.js';
import { type CreatedRow, RowDifferences } from './look/row-differences.js';
import type { WatchedRow } from './look/watched-rows.js';
import {
  type AnyChangeSet,
  isCreate,
  isDelete,
  isEarlyDelete,
  keyPartsIn,
  payloadOf,
  wasExecuted,
} from './orm/change-set-facts.js';
import { keyColumnsOf } from './orm/entity-facts.js';
import { conditionValue, RowKey } from './orm/row-key.js';
import { RowReader } from './orm/row-reader.js';
import type { RowsBefore } from './subject/rows-before.js';
import type { Subject } from './subject/subject.js';

const NONE_KEPT = new RowMap<true>();

/** A flush of the unit of work whose statements may be sent. */
export class PreparedUnitOfWork implements PreparedFlush {
  constructor(
    private readonly work: FlushWork,
    private readonly before: RowsBefore,
    private readonly watched: RowMap<WatchedRow>,
    private readonly links: LinksBefore,
  ) {}

  conclude(transaction: object): MaybePromise<FlushedChanges> {
    const { work, before, links } = this;
    const changeSets = work.changeSets.all();
    const reader = new RowReader(work.em, transaction);
    if (
      work.watchList.isEmpty &&
      !links.needsSecondLook &&
      !before.hasMissing &&
      !this.doubtsDeletes(changeSets, transaction)
    ) {
      const flush = { work, before, links, changeSets, reader, transaction, kept: NONE_KEPT };
      return new FlushedUnitOfWork(flush, null, new PendingLinks(links.concludeWithoutLook(), () => false));
    }
    return this.lookAgain({ work, before, links, changeSets, reader, transaction });
  }

  private async lookAgain(flush: Omit<ExecutedFlush, 'kept'>): Promise<FlushedChanges> {
    const { work, watched } = this;
    const { changeSets, reader, transaction } = flush;
    const renamed = renamedKeys(this.keyChanges(), watched, work.em);
    const created = this.created(changeSets);
    const rows = work.watchList.isEmpty
      ? null
      : await RowDifferences.read(
          {
            rows: watched,
            created: [...created, ...(await this.insertedLinkRows(created, reader))],
            entities: this.watchedEntities(changeSets),
            renamed,
          },
          reader,
        );
    await assertStillMissing(this.missing(changeSets), this.ownRows(changeSets, rows), reader);
    const isRecreated = this.recreatedRows(changeSets, rows);
    const kept = this.doubtsDeletes(changeSets, transaction)
      ? await this.keptRows(changeSets, reader)
      : NONE_KEPT;
    const unseen = this.unseen(changeSets);
    const ends = {
      renamed,
      isGone: (row: RowName) => rows?.isGone(row) === true,
      isSpared: (row: RowName) => kept.has(row) || unseen.has(row),
    };
    const links = await this.links.conclude(reader, ends, isRecreated, work.unitOfWork);
    return new FlushedUnitOfWork({ ...flush, kept }, rows, new PendingLinks(links, isRecreated));
  }

  /** Whether a statement of the transaction has missed a row, so that it may be one of these deletes that has. */
  private doubtsDeletes(changeSets: readonly AnyChangeSet[], transaction: object): boolean {
    return this.work.driver?.hasHitAll(transaction) === false && changeSets.some(isDelete);
  }

  /** Rows that are there although they were deleted: another transaction has inserted them again, or a trigger keeps them. */
  private async keptRows(changeSets: readonly AnyChangeSet[], reader: RowReader): Promise<RowMap<true>> {
    const kept = new RowMap<true>();
    // Room for a row with the same key is made by deletes that come early.
    const late = changeSets.filter((changeSet) => isDelete(changeSet) && !isEarlyDelete(changeSet));
    const subjects = late.flatMap(({ entity }) => this.work.subjectOf(entity) ?? []);
    for (const [codec, ofClass] of Map.groupBy(subjects, (subject) => this.before.codecOf(subject))) {
      const keys = ofClass.map(({ original }) => original);
      for (const row of (await reader.rowsByKey(codec, keys, 'none')).values()) {
        kept.set(RowKey.of(codec, row, 'row'), true);
      }
    }
    return kept;
  }

  /** Rows that were not there before their deletes. */
  private unseen(changeSets: readonly AnyChangeSet[]): RowMap<true> {
    const unseen = new RowMap<true>();
    for (const changeSet of this.before.hasMissing ? changeSets.filter(isDelete) : []) {
      const subject = this.work.subjectOf(changeSet.entity);
      if (subject && this.before.isGone(subject)) {
        unseen.set(RowKey.of(subject.codec, subject.original), true);
      }
    }
    return unseen;
  }

  /** The subjects of updates whose rows were not there. */
  private missing(changeSets: readonly AnyChangeSet[]): readonly Subject[] {
    return changeSets.flatMap((changeSet) => {
      const subject = isDelete(changeSet) ? undefined : this.work.subjectOf(changeSet.entity);
      return subject && this.before.isGone(subject) ? [subject] : [];
    });
  }

  /** Whether the flush has inserted a row, or given it its key. */
  private ownRows(
    changeSets: readonly AnyChangeSet[],
    rows: RowDifferences | null,
  ): (row: RowName) => boolean {
    const created = new RowMap<true>();
    for (const changeSet of this.before.hasMissing ? changeSets : []) {
      const { codec } = this.work.factsOf(changeSet);
      if (codec && isCreate(changeSet) && wasExecuted(changeSet)) {
        created.set(createdKey(changeSet, codec), true);
      }
    }
    return (row) => created.has(row) || rows?.isLanding(row) === true;
  }

  private created(changeSets: readonly AnyChangeSet[]): readonly CreatedRow[] {
    return changeSets.flatMap((changeSet) => {
      const { codec } = this.work.factsOf(changeSet);
      const isWatched = isCreate(changeSet) && wasExecuted(changeSet) && this.work.isWatched(changeSet);
      return codec && isWatched
        ? [{ key: createdKey(changeSet, codec), codec, entity: changeSet.entity }]
        : [];
    });
  }

  /** Rows of links that MikroORM has inserted for the members of a collection. */
  private async insertedLinkRows(
    created: readonly CreatedRow[],
    reader: RowReader,
  ): Promise<readonly CreatedRow[]> {
    const { watchList } = this.work;
    const known = new RowMap<true>(created.map(({ key }) => [key, true]));
    const inserted: CreatedRow[] = [];
    for (const { codec, owner, reference } of watchList.linkRows) {
      const keys = [conditionValue(keyColumnsOf(owner))];
      const rows = await reader.rowsByReference(codec, reference, keys, 'none');
      for (const row of rows.values()) {
        const key = RowKey.of(codec, row, 'row');
        if (!known.has(key) && !this.watched.has(key)) {
          known.set(key, true);
          inserted.push({ key, codec, entity: null });
        }
      }
    }
    return inserted;
  }

  /** The entities that the flush writes, by their rows; two entities may stand for one. */
  private watchedEntities(changeSets: readonly AnyChangeSet[]): readonly (readonly [RowKey, object])[] {
    return changeSets.flatMap((changeSet) => {
      const subject = this.work.isWatched(changeSet) ? this.work.subjectOf(changeSet.entity) : undefined;
      return subject ? [[RowKey.of(subject.codec, subject.original), subject.entity] as const] : [];
    });
  }

  /** The keys of rows before and after, of classes that are not audited, too. */
  private keyChanges(): readonly (readonly [RowKey, RowKey])[] {
    return this.work.keyChanges.map(({ before, changeSet, facts: { meta } }) => [
      before,
      RowKey.ofValues(meta, { ...before.where, ...keyPartsIn(payloadOf(changeSet), meta) }, before),
    ]);
  }

  /** Rows that were deleted and inserted again; all their links are new. */
  private recreatedRows(
    changeSets: readonly AnyChangeSet[],
    rows: RowDifferences | null,
  ): (row: RowName) => boolean {
    const { work, before } = this;
    const deleted = new RowMap<true>();
    for (const changeSet of changeSets.filter(isEarlyDelete)) {
      const subject = work.subjectOf(changeSet.entity);
      if (subject && !before.isGone(subject)) {
        deleted.set(RowKey.of(before.codecOf(subject), subject.original), true);
      }
    }
    const recreated = new RowMap<true>();
    for (const changeSet of deleted.size > 0 ? changeSets : []) {
      const { codec } = work.factsOf(changeSet);
      const key = codec && isCreate(changeSet) && wasExecuted(changeSet) && createdKey(changeSet, codec);
      if (key && deleted.has(key)) {
        recreated.set(key, true);
      }
    }
    return (row) => recreated.has(row) || rows?.isRecreated(row) === true;
  }
}

function createdKey(changeSet: AnyChangeSet, codec: EntityCodec): RowKey {
  return RowKey.of(codec, createdValues(changeSet, codec.policy.meta));
}
