import type { ChangeRecord } from '../model/change-record.js';
import { RowMap } from '../model/row-map.js';
import { closeDrafts, isOpen } from './believe/open-values.js';
import { RowChanges } from './believe/row-changes.js';
import type { FlushedChanges, MaybePromise } from './change-source.js';
import type { FlushWork } from './flush-work.js';
import type { LinksBefore } from './links/links-before.js';
import type { PendingLinks } from './links/pending-links.js';
import type { RowDifferences } from './look/row-differences.js';
import { settleTrust } from './look/settle-trust.js';
import { type AnyChangeSet, isCreate, isDelete, isEarlyDelete, payloadOf } from './orm/change-set-facts.js';
import type { RowReader } from './orm/row-reader.js';
import { type Draft, rowOf } from './record/draft.js';
import { Labels } from './record/labels.js';
import { isPartOfUnknown, wholesOf, withPartOf } from './record/part-of.js';
import { toRecord } from './record/record.js';
import type { RowsBefore } from './subject/rows-before.js';
import { lateSubjectOf, type Subject } from './subject/subject.js';

/** Changes that are in the making at a time; each chunk with values that only the database knows costs a read. */
const CHUNK_SIZE = 5_000;

/** A flush of the unit of work whose statements have run. */
export interface ExecutedFlush {
  readonly work: FlushWork;
  readonly before: RowsBefore;
  readonly links: LinksBefore;
  readonly changeSets: readonly AnyChangeSet[];
  readonly reader: RowReader;
  readonly transaction: object;
  /** Rows that are there although they were deleted, where a statement is known to have missed a row. */
  readonly kept: RowMap<true>;
}

/** The changes of a flush, when everything that has to be looked at is known. */
export class FlushedUnitOfWork implements FlushedChanges {
  /** Links whose owner has no statement of its own; those of links are counted by nobody. */
  private hasBareLinks = false;

  constructor(
    private readonly flush: ExecutedFlush,
    private readonly rows: RowDifferences | null,
    private readonly pending: PendingLinks,
  ) {}

  get entityType(): string {
    return this.flush.work.entityType;
  }

  /** Whether it is known that an update has found no row. */
  private hasMissed(changeSet: AnyChangeSet): boolean {
    return this.flush.work.driver?.hasMissed(payloadOf(changeSet)) === true;
  }

  get isCertain(): boolean {
    return !this.hasBareLinks && this.flush.work.driver?.hasHitAll(this.flush.transaction) === true;
  }

  entities(): readonly object[] {
    return this.flush.work.entitiesOf(this.flush.changeSets);
  }

  *chunks(): Generator<MaybePromise<readonly ChangeRecord[]>> {
    const { environment, unitOfWork } = this.flush.work;
    const labels = new Labels(environment.labels, unitOfWork, this.flush.changeSets, this.flush.work.em);
    const changes = new RowChanges(environment.known, this.flush.before);
    const deleted = new RowMap<true>();
    let chunk: Draft[] = [];
    for (const item of this.inOrder()) {
      const draft = 'codec' in item ? item : this.draftOf(item, changes, deleted);
      if (draft) {
        chunk.push(this.pending.takeInto(draft));
      }
      if (chunk.length === CHUNK_SIZE) {
        yield this.recordsOf(chunk, labels);
        chunk = [];
      }
    }
    const bareLinks = this.pending.rest();
    this.hasBareLinks = bareLinks.length > 0;
    chunk.push(...bareLinks);
    yield this.recordsOf(chunk, labels);
    this.moveTrust();
  }

  /** Early deletes make room for rows that are inserted again, the other deletes come last. */
  private inOrder(): readonly (AnyChangeSet | Draft)[] {
    const { work, changeSets } = this.flush;
    if (!this.rows && !changeSets.some(isDelete)) {
      return changeSets;
    }
    const believed = changeSets.filter((changeSet) => !work.isWatched(changeSet));
    const isLate = (changeSet: AnyChangeSet): boolean => isDelete(changeSet) && !isEarlyDelete(changeSet);
    return [
      ...believed.filter(isEarlyDelete),
      ...(this.rows?.early ?? []),
      ...believed.filter((changeSet) => !isDelete(changeSet)),
      ...(this.rows?.others ?? []),
      ...believed.filter(isLate),
    ];
  }

  /** @param deleted the rows whose deletes have a draft already */
  private draftOf(changeSet: AnyChangeSet, changes: RowChanges, deleted: RowMap<true>): Draft | null {
    const { work } = this.flush;
    const { entity } = changeSet;
    if (isCreate(changeSet)) {
      const { codec } = work.factsOf(changeSet);
      return codec ? changes.created(changeSet, codec) : null;
    }
    if (this.hasMissed(changeSet)) {
      return null;
    }
    const subject = work.subjectOf(entity) ?? this.lateSubject(changeSet);
    const draft = subject ? changes.changed(changeSet, subject, work.changeSets.isHidden(changeSet)) : null;
    if (draft?.operation !== 'delete') {
      return draft;
    }
    // Two entities of other EntityManagers may stand for one row: MikroORM names it twice in one statement.
    const name = rowOf(draft);
    const isRepeated = deleted.has(name);
    deleted.set(name, true);
    return isRepeated || this.flush.kept.has(name) ? null : draft;
  }

  /** Another subscriber added the change set when the flush had begun: the entity still has the values before. */
  private lateSubject(changeSet: AnyChangeSet): Subject | undefined {
    const { work } = this.flush;
    const facts = work.factsOf(changeSet);
    const before = () => changeSet.originalEntity ?? work.em.getComparator().prepareEntity(changeSet.entity);
    return facts.codec && lateSubjectOf(changeSet, facts, facts.codec, before());
  }

  /** Trusts the snapshots that MikroORM has moved forward, where they show the stored values. */
  private moveTrust(): void {
    const { work, changeSets, links, transaction } = this.flush;
    const { snapshots } = work.environment;
    for (const changeSet of changeSets) {
      const { entity } = changeSet;
      const isNew = isCreate(changeSet);
      if (isNew) {
        snapshots.noteCreated(entity);
      }
      if (this.hasMissed(changeSet)) {
        // MikroORM takes the update for done, and its values for stored ones.
        snapshots.distrust(entity);
      } else if ((isNew || work.subjectOf(entity)?.isTrusted) && !work.isWatched(changeSet)) {
        snapshots.trust(entity, transaction);
      }
    }
    for (const row of this.rows?.changed() ?? []) {
      snapshots.noteFound(row);
    }
    if (this.rows) {
      settleTrust(this.rows, work.unitOfWork, snapshots, transaction);
    }
    links.moveTrust(transaction);
  }

  private recordsOf(drafts: readonly Draft[], labels: Labels): MaybePromise<readonly ChangeRecord[]> {
    return drafts.some((draft) => isOpen(draft) || isPartOfUnknown(draft))
      ? this.complete(drafts).then((complete) => this.finish(complete, labels))
      : this.finish(drafts, labels);
  }

  private async complete(drafts: readonly Draft[]): Promise<readonly Draft[]> {
    const { environment, unitOfWork } = this.flush.work;
    const closed = await closeDrafts(drafts, environment.snapshots, this.flush.reader);
    return withPartOf(closed, unitOfWork, this.flush.reader);
  }

  private finish(drafts: readonly Draft[], labels: Labels): readonly ChangeRecord[] {
    const { environment, em } = this.flush.work;
    const records: ChangeRecord[] = [];
    for (const draft of drafts) {
      const { policyOf } = environment.schemas.near(draft.codec.policy, em);
      const record = toRecord(draft, wholesOf(draft, policyOf), labels.of(draft));
      if (record) {
        records.push(record);
      }
    }
    return records;
  }
}
