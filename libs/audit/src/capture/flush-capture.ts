import { type ChangeSet, ChangeSetType, type EntityManager, helper, type UnitOfWork } from '@mikro-orm/core';
import type { ChangeRecord } from '../model/change-record.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { CaptureEnvironment } from './capture-environment.js';
import { ChangeDrafter, changedNames } from './change-drafter.js';
import { resolveDrafts } from './draft-resolver.js';
import { FlushInventory } from './flush-inventory.js';
import { isCreate, isDelete, keyColumns, payloadOf } from './flush-subject.js';
import { labelOf } from './labels.js';
import { managedEntity } from './managed-entity.js';
import { PendingLinks } from './pending-links.js';
import { completeRoots } from './root-completion.js';
import type { RowDraft } from './row-draft.js';
import { StateReader } from './state-reader.js';
import { TwinDrafts } from './twin-drafts.js';

/** Changes that are in the making at a time; each chunk with values that only the database knows costs a read. */
const CHUNK_SIZE = 5_000;

/**
 * What one flush does to audited entities. Begun before the first statement, when MikroORM still has what its
 * statements will make it forget; finished after the last, when keys and returned values are known.
 */
export class FlushCapture {
  private constructor(
    private readonly em: EntityManager,
    private readonly environment: CaptureEnvironment,
    private readonly inventory: FlushInventory,
  ) {}

  /**
   * @param seen extra updates of flushes that are over; MikroORM keeps them while further flushes are queued
   * @returns null when the flush touches nothing audited
   */
  static begin(
    em: EntityManager,
    unitOfWork: UnitOfWork,
    environment: CaptureEnvironment,
    seen: WeakSet<object>,
  ): FlushCapture | null {
    const inventory = new FlushInventory(em, unitOfWork, environment, seen);
    return inventory.isEmpty ? null : new FlushCapture(em, environment, inventory);
  }

  get entityType(): string {
    return this.inventory.firstType ?? 'an entity that audited ones depend on';
  }

  /** The entities whose snapshots MikroORM moves forward with this flush. */
  get entities(): readonly object[] {
    return [
      ...this.inventory.changeSets().map((changeSet) => changeSet.entity),
      ...this.inventory.links.collectionOwners,
    ];
  }

  /** Of the audited entities of which it writes something that is not ignored, one for each. */
  get policies(): readonly EntityPolicy[] {
    const written = this.inventory.changeSets().filter((changeSet) => this.isRecorded(changeSet));
    return [...written.map(({ entity }) => entity), ...this.inventory.links.collectionOwners].flatMap(
      (entity) => this.environment.policyOf(helper(entity).__meta) ?? [],
    );
  }

  get needsReading(): boolean {
    return (
      this.inventory.images.isNeeded || this.inventory.links.isReadNeeded || this.inventory.cascades.isNeeded
    );
  }

  /** Reads what is not known, before the first statement, in the transaction of the flush. */
  async read(transaction: unknown): Promise<void> {
    const reader = new StateReader(this.em, transaction);
    await this.inventory.images.read(reader);
    this.inventory.noteSubclassLinks();
    await this.inventory.cascades.read(reader, this.em.schema);
    for (const { codec, row, isEarly, effect } of this.inventory.cascades.changedRows) {
      if (effect !== 'delete') {
        continue;
      }
      const { meta } = codec.policy;
      this.inventory.links.addDeletion(meta, keyColumns(meta, row), isEarly);
    }
    for (const entity of this.inventory.cascades.lostEntities) {
      this.inventory.links.addLost(entity);
    }
    await this.inventory.links.read(reader);
  }

  /**
   * The changes that the statements of the flush have made, in their order, in chunks of bounded size. Each is to be
   * awaited before the next one is asked for.
   */
  *finish(transaction: object): Generator<Promise<readonly ChangeRecord[]>, undefined> {
    const reader = new StateReader(this.em, transaction);
    const { unitOfWork } = this.inventory;
    const links = new PendingLinks(this.inventory.links.changes(unitOfWork), (codec, entityId) => {
      const entity = managedEntity(unitOfWork, codec.policy.meta, entityId);
      return entity ? labelOf(entity, codec.policy) : null;
    });
    let chunk: RowDraft[] = [];
    const { twinRows } = this.inventory;
    const twins = twinRows.size > 0 ? new TwinDrafts(twinRows) : null;
    for (const each of this.drafts()) {
      const draft = twins ? twins.follow(each) : each;
      if (draft) {
        chunk.push(links.takeInto(draft));
      }
      if (chunk.length === CHUNK_SIZE) {
        yield this.resolve(chunk, reader);
        chunk = [];
      }
    }
    yield this.resolve([...chunk, ...links.rest()], reader);
    this.moveTrust(transaction);
    return undefined;
  }

  /** False for an update of nothing but ignored properties. */
  private isRecorded(changeSet: ChangeSet<object>): boolean {
    const policy = this.environment.policyOf(helper(changeSet.entity).__meta);
    const codec = policy && this.environment.codecs.find(policy.meta);
    const isUpdate = !isCreate(changeSet) && !isDelete(changeSet);
    return !codec || !isUpdate || codec.policy.exact || changedNames(codec, payloadOf(changeSet)).length > 0;
  }

  private resolve(drafts: readonly RowDraft[], reader: StateReader): Promise<readonly ChangeRecord[]> {
    const { environment } = this;
    return drafts.some(({ root }) => root === undefined)
      ? completeRoots(drafts, environment, this.inventory.unitOfWork, reader).then((complete) =>
          resolveDrafts(complete, environment, reader),
        )
      : resolveDrafts(drafts, environment, reader);
  }

  private *drafts(): Generator<RowDraft> {
    const drafter = new ChangeDrafter(this.environment, this.inventory.images, (changeSet) =>
      this.inventory.lateSubject(changeSet),
    );
    const changeSets = this.inventory.changeSets();
    // Early deletes make room for a row that is created again, the other deletes come last.
    const early = changeSets.filter(({ type }) => type === ChangeSetType.DELETE_EARLY);
    const late = changeSets.filter(({ type }) => type === ChangeSetType.DELETE);
    const writes = changeSets.filter((changeSet) => !isDelete(changeSet));
    const { cascades } = this.inventory;
    const ownChange = cascades.isNeeded ? this.inventory.ownChange() : null;
    yield* this.draftsOf(early, drafter);
    yield* ownChange ? cascades.earlyDrafts(ownChange) : [];
    yield* this.draftsOf(writes, drafter);
    yield* ownChange ? cascades.drafts(ownChange) : [];
    yield* this.draftsOf(late, drafter);
  }

  private *draftsOf(changeSets: readonly ChangeSet<object>[], drafter: ChangeDrafter): Generator<RowDraft> {
    const { lostEntities } = this.inventory.cascades;
    const deleted = new Set<string>();
    for (const changeSet of changeSets) {
      if (lostEntities.has(changeSet.entity)) {
        continue;
      }
      const subject = this.inventory.noted(changeSet.entity);
      const { codecs } = this.environment;
      const codec = subject ? this.inventory.images.codecOf(subject) : codecs.find(changeSet.meta);
      const draft = codec && drafter.draft(changeSet, codec, subject, this.inventory.isHidden(changeSet));
      // A row that was recreated, and then removed once more, has two change sets for one delete.
      const name = draft?.operation === 'delete' && `${draft.codec.policy.entityType} ${draft.entityId}`;
      if (draft && !(name && deleted.has(name))) {
        yield draft;
      }
      if (name) {
        deleted.add(name);
      }
    }
  }

  /** The flush has replaced the snapshots of what it wrote; those of removed entities are gone. */
  private moveTrust(transaction: object): void {
    for (const changeSet of this.inventory.changeSets()) {
      if (this.inventory.isKnown(changeSet)) {
        this.environment.snapshots.trust(changeSet.entity, transaction);
      }
    }
    this.inventory.links.noteSynchronized(transaction);
    this.inventory.distrustAffected();
  }
}
