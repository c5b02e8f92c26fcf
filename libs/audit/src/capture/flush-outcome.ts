import type { ChangeRecord } from '../model/change-record.js';
import { RowMap, type RowName } from '../model/row-map.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { closeDrafts, isOpen } from './believe/open-values.js';
import { createdValues, RowChanges } from './believe/row-changes.js';
import type { FlushedChanges, MaybePromise, PreparedFlush } from './change-source.js';
import type { UnitOfWorkPlan } from './flush-plan.js';
import type { LinkChange } from './links/link-change.js';
import type { LinksBefore } from './links/link-plan.js';
import { PendingLinks } from './links/pending-links.js';
import { type CreatedRow, RowDifferences } from './look/row-differences.js';
import { settleTrust } from './look/settle-trust.js';
import { renamedKeys, type WatchedRow } from './look/watched-rows.js';
import {
  type AnyChangeSet,
  isCreate,
  isDelete,
  isEarlyDelete,
  keyPartsIn,
  payloadOf,
  wasExecuted,
} from './orm/change-set-facts.js';
import { RowKey } from './orm/row-key.js';
import { RowReader } from './orm/row-reader.js';
import type { Draft } from './record/draft.js';
import { Labels } from './record/labels.js';
import { isPartOfUnknown, rootsOf, withPartOf } from './record/part-of.js';
import { toRecord } from './record/record.js';
import type { RowsBefore } from './rows-before.js';
import { lateSubjectOf, type Subject } from './subject.js';

/** Changes that are in the making at a time; each chunk with values that only the database knows costs a read. */
const CHUNK_SIZE = 5_000;

/** A flush of the unit of work whose statements may be sent. */
export class FlushOutcome implements PreparedFlush {
  constructor(
    readonly plan: UnitOfWorkPlan,
    readonly before: RowsBefore,
    private readonly watched: RowMap<WatchedRow>,
    private readonly links: LinksBefore,
  ) {}

  conclude(transaction: object): MaybePromise<FlushedChanges> {
    const { plan, links } = this;
    const changeSets = plan.changeSets.all();
    const reader = new RowReader(plan.em, transaction);
    if (plan.watchList.isEmpty && !links.needsSecondLook) {
      const changed = plan.links.isEmpty ? NO_LINKS : links.concludeWithoutLook();
      return new FlushedUnitOfWork(
        this,
        changeSets,
        reader,
        transaction,
        null,
        new PendingLinks(changed, () => false),
      );
    }
    return this.lookAgain(changeSets, reader, transaction);
  }

  /** Trusts the snapshots that MikroORM has moved forward, where they show the stored values. */
  moveTrust(changeSets: readonly AnyChangeSet[], rows: RowDifferences | null, transaction: object): void {
    const { environment, links: linkPlan } = this.plan;
    const { snapshots } = environment;
    for (const changeSet of changeSets) {
      const { entity } = changeSet;
      if (isCreate(changeSet)) {
        snapshots.noteCreated(entity);
      }
      if (!this.isWatched(changeSet) && (isCreate(changeSet) || this.plan.subjectOf(entity)?.isTrusted)) {
        snapshots.trust(entity, transaction);
      }
    }
    if (rows) {
      settleTrust(rows, this.plan.unitOfWork, snapshots, transaction);
    }
    if (!linkPlan.isEmpty) {
      this.links.moveTrust(transaction);
    }
  }

  /** Whether the change of an entity is the difference of two looks at its row. */
  isWatched(changeSet: AnyChangeSet): boolean {
    const { plan } = this;
    return (
      !plan.watchList.isEmpty &&
      plan.watchList.covers(plan.factsOf(changeSet).meta) &&
      (isCreate(changeSet) || plan.subjectOf(changeSet.entity) !== undefined)
    );
  }

  private async lookAgain(
    changeSets: readonly AnyChangeSet[],
    reader: RowReader,
    transaction: object,
  ): Promise<FlushedChanges> {
    const { plan, watched } = this;
    const { watchList, unitOfWork } = plan;
    const renamed = renamedKeys(this.keyChanges(), watched);
    const rows = watchList.isEmpty
      ? null
      : await RowDifferences.read(
          {
            rows: watched,
            created: this.created(changeSets),
            entities: this.watchedEntities(changeSets),
            renamed,
            looksTwice: ({ policy }) => watchList.looksTwice(policy.meta),
            schema: plan.em.schema,
          },
          reader,
        );
    const isRecreated = recreatedIn(changeSets, plan, this.before, rows);
    const ends = { renamed, isGone: (row: RowName) => rows?.isGone(row) === true };
    const links = await this.links.conclude(reader, ends, isRecreated, unitOfWork);
    const pending = new PendingLinks(links, isRecreated);
    return new FlushedUnitOfWork(this, changeSets, reader, transaction, rows, pending);
  }

  private created(changeSets: readonly AnyChangeSet[]): readonly CreatedRow[] {
    return changeSets.flatMap((changeSet) => {
      const { codec } = this.plan.factsOf(changeSet);
      const isWatched = isCreate(changeSet) && wasExecuted(changeSet) && this.isWatched(changeSet);
      return codec && isWatched
        ? [{ key: createdKey(changeSet, codec), codec, entity: changeSet.entity, schema: changeSet.schema }]
        : [];
    });
  }

  /** The entities that the flush writes, by their rows; two entities may stand for one. */
  private watchedEntities(changeSets: readonly AnyChangeSet[]): readonly (readonly [RowKey, object])[] {
    return changeSets.flatMap((changeSet) => {
      const subject = this.isWatched(changeSet) ? this.plan.subjectOf(changeSet.entity) : undefined;
      return subject ? [[RowKey.of(subject.codec, subject.original), subject.entity] as const] : [];
    });
  }

  /** The keys of rows before and after, of classes that are not audited, too. */
  private keyChanges(): readonly (readonly [RowKey, RowKey])[] {
    return this.plan.keyChanges.map(({ before, changeSet, facts: { meta } }) => [
      before,
      RowKey.ofValues(meta, { ...before.where, ...keyPartsIn(payloadOf(changeSet), meta) }),
    ]);
  }
}

/** The changes of a flush, when everything that has to be looked at is known. */
class FlushedUnitOfWork implements FlushedChanges {
  constructor(
    private readonly outcome: FlushOutcome,
    private readonly changeSets: readonly AnyChangeSet[],
    private readonly reader: RowReader,
    private readonly transaction: object,
    private readonly rows: RowDifferences | null,
    private readonly links: PendingLinks,
  ) {}

  *chunks(): Generator<MaybePromise<readonly ChangeRecord[]>> {
    const { environment, unitOfWork } = this.outcome.plan;
    const labels = new Labels(environment.labels, unitOfWork, this.changeSets);
    let chunk: Draft[] = [];
    for (const draft of this.drafts()) {
      chunk.push(this.links.takeInto(draft));
      if (chunk.length === CHUNK_SIZE) {
        yield this.recordsOf(chunk, labels);
        chunk = [];
      }
    }
    chunk.push(...this.links.rest());
    yield this.recordsOf(chunk, labels);
    this.outcome.moveTrust(this.changeSets, this.rows, this.transaction);
  }

  /** Early deletes make room for rows that are inserted again, the other deletes come last. */
  private *drafts(): Generator<Draft> {
    const { plan, before } = this.outcome;
    const changes = new RowChanges(plan.environment.known, before);
    yield* this.believed(changes, isEarlyDelete);
    yield* this.rows?.early ?? [];
    yield* this.believed(changes, (changeSet) => !isDelete(changeSet));
    yield* this.rows?.others ?? [];
    yield* this.believed(changes, (changeSet) => isDelete(changeSet) && !isEarlyDelete(changeSet));
  }

  private *believed(changes: RowChanges, isIncluded: (changeSet: AnyChangeSet) => boolean): Generator<Draft> {
    const deleted = new RowMap<true>();
    for (const changeSet of this.changeSets) {
      if (!isIncluded(changeSet) || this.outcome.isWatched(changeSet)) {
        continue;
      }
      const draft = this.draftOf(changeSet, changes);
      if (!draft) {
        continue;
      }
      if (draft.operation === 'delete') {
        // A row that was inserted again, and then removed once more, has two change sets for one delete.
        const name = { table: draft.codec.policy.meta.root.class, text: draft.entityId };
        if (deleted.has(name)) {
          continue;
        }
        deleted.set(name, true);
      }
      yield draft;
    }
  }

  private draftOf(changeSet: AnyChangeSet, changes: RowChanges): Draft | null {
    const { plan } = this.outcome;
    const { entity } = changeSet;
    if (isCreate(changeSet)) {
      const { codec } = plan.factsOf(changeSet);
      return codec ? changes.created(changeSet, codec) : null;
    }
    const subject = plan.subjectOf(entity) ?? this.lateSubject(changeSet);
    return subject ? changes.changed(changeSet, subject, plan.changeSets.isHidden(changeSet)) : null;
  }

  /** Another subscriber added the change set when the flush had begun: the entity still has the values before. */
  private lateSubject(changeSet: AnyChangeSet): Subject | undefined {
    const { plan } = this.outcome;
    const facts = plan.factsOf(changeSet);
    const before = () => changeSet.originalEntity ?? plan.em.getComparator().prepareEntity(changeSet.entity);
    return facts.codec && lateSubjectOf(changeSet, facts, facts.codec, before());
  }

  private recordsOf(drafts: readonly Draft[], labels: Labels): MaybePromise<readonly ChangeRecord[]> {
    return drafts.some((draft) => isOpen(draft) || isPartOfUnknown(draft))
      ? this.complete(drafts).then((complete) => this.finish(complete, labels))
      : this.finish(drafts, labels);
  }

  private async complete(drafts: readonly Draft[]): Promise<readonly Draft[]> {
    const { environment, unitOfWork } = this.outcome.plan;
    const closed = await closeDrafts(drafts, environment.snapshots, this.reader);
    return withPartOf(closed, unitOfWork, this.reader);
  }

  private finish(drafts: readonly Draft[], labels: Labels): readonly ChangeRecord[] {
    const { policyOf } = this.outcome.plan.environment;
    const records: ChangeRecord[] = [];
    for (const draft of drafts) {
      const record = toRecord(draft, rootsOf(draft, policyOf), labels.of(draft));
      if (record) {
        records.push(record);
      }
    }
    return records;
  }
}

const NO_LINKS: readonly LinkChange[] = [];

function createdKey(changeSet: AnyChangeSet, codec: EntityCodec): RowKey {
  return RowKey.of(codec, createdValues(changeSet, codec.policy.meta));
}

/** Rows that were deleted and inserted again; all their links are new. */
function recreatedIn(
  changeSets: readonly AnyChangeSet[],
  plan: UnitOfWorkPlan,
  before: RowsBefore,
  rows: RowDifferences | null,
): (row: RowName) => boolean {
  const deleted = new RowMap<true>();
  for (const changeSet of changeSets.filter(isEarlyDelete)) {
    const subject = plan.subjectOf(changeSet.entity);
    if (subject && !before.isGone(subject)) {
      deleted.set(RowKey.of(before.codecOf(subject), subject.original), true);
    }
  }
  const recreated = new RowMap<true>();
  for (const changeSet of deleted.size > 0
    ? changeSets.filter((one) => isCreate(one) && wasExecuted(one))
    : []) {
    const { codec } = plan.factsOf(changeSet);
    const key = codec && createdKey(changeSet, codec);
    if (key && deleted.has(key)) {
      recreated.set(key, true);
    }
  }
  return (row) => recreated.has(row) || rows?.isRecreated(row) === true;
}
