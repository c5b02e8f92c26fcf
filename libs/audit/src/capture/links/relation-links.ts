import type { Collection, EntityManager, EntityMetadata, UnitOfWork } from '@mikro-orm/core';
import { textsOfKey } from '../../serialize/text/texts-of-key.js';
import { collectionOf, type DirtyCollection, linksOf, ownColumns } from '../orm/collection-facts.js';
import { isLetGo, keyColumnsOf } from '../orm/entity-facts.js';
import { entityOfId } from '../orm/identity-map.js';
import { type Link, linkText, type RecordedRelation, targetKey } from '../orm/link-table.js';
import { columnText } from '../orm/row-key.js';
import type { LinkFilter, RowReader } from '../orm/row-reader.js';
import { pivotOf, targetPlace } from '../orm/schema-facts.js';
import type { Schemas } from '../orm/schemas.js';
import { doAgree, hasTwins } from './collection-claims.js';
import { type Columns, type EndsAfter, LinkEnds } from './link-ends.js';
import { RecordedClasses } from './recorded-classes.js';

/** An entity that the flush deletes. */
interface RemovedEntity {
  readonly isOwner: boolean;
  readonly entity: object;
}

/** The links of one many-to-many relation that a flush may change: believed of loaded collections, or looked at twice. */
export class RelationLinks {
  readonly collections: DirtyCollection[] = [];
  readonly classes: RecordedClasses;
  private readonly owners: LinkEnds;
  private readonly targets: LinkEnds;
  private readonly removed: RemovedEntity[] = [];
  private isUncertain = false;
  private isRenaming = false;
  /** The owners of collections by their keys before the flush, where it changes them. */
  private readonly formerKeys = new Map<object, Columns>();
  /** The owners of links whose rows are entities that the flush writes. */
  private readonly linkOwners: (() => object | undefined)[] = [];
  /** The links before the flush, once they have been looked at. */
  before: readonly Link[] = [];

  constructor(
    readonly relation: RecordedRelation,
    schemas: Schemas,
    private readonly em: EntityManager,
  ) {
    const { owningMeta, owning, around, policy } = relation;
    const tableOf = (meta: EntityMetadata) => targetPlace(pivotOf(owning, em), meta, around, em).table;
    this.owners = new LinkEnds(tableOf(owningMeta));
    this.targets = new LinkEnds(owning.targetMeta && tableOf(owning.targetMeta));
    this.classes = new RecordedClasses(policy.meta, schemas.near({ schema: around }, em).codecs);
  }

  /** @param isTrusted whether the collection shows the links that are stored */
  addCollection(collection: DirtyCollection, isTrusted: boolean): void {
    this.collections.push(collection);
    const { owner, items, snapshot = [], prop, isOwnerNew } = collection;
    const isRecordedHere = prop.owner === this.relation.recordsOwner;
    for (const entity of isRecordedHere ? [owner] : [...items, ...snapshot]) {
      this.classes.note(entity);
    }
    const isKnown = isOwnerNew || (isTrusted && collection.isLoaded && !this.alwaysLooks);
    // Members in the order that is stored are told by owners alone.
    const isInOrder = prop.owner || this.relation.owning.fixedOrder !== true;
    this.isUncertain ||= !(isKnown && isInOrder) || lostMembers(collection).some(isLetGo);
  }

  /**
   * A loaded collection does not tell which links end with the entity: filters, conditions and the class of the targets may
   * have left some out.
   * @param isOwner whether the entity is an owner of links, as opposed to a target
   */
  addDeletion(isOwner: boolean, entity: object): void {
    this.isUncertain ||= this.relation.hasForeignKeys;
    this.removed.push({ isOwner, entity });
  }

  /** A row that a foreign key rule may delete. */
  addDoubtfulRow(isOwner: boolean, columns: Columns): void {
    if (this.relation.hasForeignKeys) {
      this.isUncertain = true;
      const ends = isOwner ? this.owners : this.targets;
      ends.doubtful.add(ends.add(columns));
    }
  }

  /** The links of a row follow its new key; at the other end that is another link. */
  addKeyChange(isOwner: boolean, columns: Columns, entity: object): void {
    this.formerKeys.set(entity, columns);
    if (this.relation.hasForeignKeys && isOwner !== this.relation.recordsOwner) {
      this.isUncertain = true;
      this.isRenaming = true;
      (isOwner ? this.owners : this.targets).add(columns);
    }
  }

  /**
   * @param columns of the owner before the flush; empty where it is not known, or new
   * @param ownerNow the owner as the row has it, whose key may come with the flush
   */
  addLinkRow(columns: Columns, ownerNow: () => object | undefined): void {
    this.isUncertain = true;
    this.linkOwners.push(ownerNow);
    const owner = ownerNow();
    if (owner && this.relation.recordsOwner) {
      this.classes.note(owner);
    }
    for (const known of [columns, owner ? keyColumnsOf(owner) : []].filter(({ length }) => length > 0)) {
      this.owners.add(known);
    }
  }

  /** Whether the link table is looked at; ask when everything has been added. */
  get needsLook(): boolean {
    return (
      this.isUncertain ||
      this.classes.needsLook ||
      this.formerKeys.size > 0 ||
      (this.collections.length > 0 && this.removed.length > 0) ||
      (this.collections.length > 1 && (hasTwins(this.collections) || !doAgree(this.collections)))
    );
  }

  /** At most one read of the link table, and one per class where only the class of an entity is in doubt. */
  async look(reader: RowReader): Promise<void> {
    for (const collection of this.collections.filter(({ isOwnerNew }) => !isOwnerNew)) {
      const columns = this.formerKeys.get(collection.owner) ?? ownColumns(collection);
      (collection.prop.owner ? this.owners : this.targets).add(columns);
    }
    for (const { isOwner, entity } of this.relation.hasForeignKeys ? this.removed : []) {
      const ends = isOwner ? this.owners : this.targets;
      ends.deleted.add(ends.add(isOwner ? keyColumnsOf(entity) : targetKey(this.relation.owning, entity)));
    }
    this.before = await this.read(reader, { owners: this.owners.columns, targets: this.targets.columns });
    const { recordsOwner } = this.relation;
    const ids = this.before.map(({ ownerId, targetId }) => (recordsOwner ? ownerId : targetId));
    await this.classes.look(ids, reader);
  }

  /** The links after the flush, with owners and targets as they were named before where the trail records them there. */
  async lookAgain(reader: RowReader, ends: EndsAfter): Promise<readonly Link[]> {
    if (this.collections.length + this.linkOwners.length === 0 && !this.isRenaming) {
      return this.before.filter(
        ({ ownerId, targetId }) => !this.owners.isGone(ownerId, ends) && !this.targets.isGone(targetId, ends),
      );
    }
    const owners = this.columnsAfter(this.owners, ends);
    const targets = this.columnsAfter(this.targets, ends);
    for (const owner of this.linkOwners.flatMap((ownerNow) => ownerNow() ?? [])) {
      owners.set(columnText(keyColumnsOf(owner)), keyColumnsOf(owner));
    }
    for (const collection of this.collections) {
      const columns = ownColumns(collection);
      if (columns.length > 0) {
        (collection.prop.owner ? owners : targets).set(columnText(columns), columns);
      }
    }
    const after = await this.read(reader, { owners, targets });
    return this.withFormerNames(after, ends);
  }

  /** The collections with links that the database has removed, moved or kept otherwise than dirty collections say. */
  unexpected(after: readonly Link[], unitOfWork: UnitOfWork): readonly (Collection<object> | undefined)[] {
    const { before } = this;
    const { owning, owningMeta } = this.relation;
    const textsOf = (side: 'snapshot' | 'items') =>
      new Set(this.collections.flatMap((one) => linksOf(one, one[side] ?? [])).map(linkText));
    const [had, has] = [textsOf('snapshot'), textsOf('items')];
    const [was, is] = [before, after].map((links) => new Set(links.map(linkText)));
    const isAsExpected = (link: string): boolean => {
      const expected = had.has(link) || has.has(link) ? has : was;
      return expected?.has(link) === is?.has(link);
    };
    const claimed = this.collections.flatMap((one) => linksOf(one, one.items));
    const memberOf = (meta: typeof owningMeta | undefined, id: string, name: string | undefined) => {
      const schema =
        meta && targetPlace(pivotOf(owning, this.em), meta, this.relation.around, this.em).schema;
      const entity = meta && name !== undefined ? entityOfId(unitOfWork, meta, id, schema) : undefined;
      return entity && collectionOf(entity, name ?? '');
    };
    return [...before, ...after, ...claimed]
      .filter((link) => !isAsExpected(linkText(link)))
      .flatMap(({ ownerId, targetId }) => [
        memberOf(owningMeta, ownerId, owning.name),
        memberOf(owning.targetMeta, targetId, owning.inversedBy),
      ]);
  }

  /** The links before or after the flush, as loaded collections have them. */
  believed(side: 'snapshot' | 'items'): readonly Link[] {
    return this.collections.flatMap((one) => linksOf(one, one[side] ?? []));
  }

  /** The link table of an ordered relation can have the same link twice, which a collection does not know. */
  private get alwaysLooks(): boolean {
    return this.relation.policy.exact || this.relation.owning.fixedOrder === true;
  }

  private async read(
    reader: RowReader,
    { owners, targets }: Readonly<Record<'owners' | 'targets', ReadonlyMap<string, Columns>>>,
  ): Promise<readonly Link[]> {
    const { owning, around } = this.relation;
    const filter: LinkFilter = { owners: [...owners.values()], targets: [...targets.values()] };
    return owners.size + targets.size > 0 ? reader.links(owning, filter, around) : [];
  }

  /** Under the keys before and after; where the order is data, also the lists that a lost member was in. */
  private columnsAfter(ends: LinkEnds, { renamed }: EndsAfter): Map<string, Columns> {
    const after = new Map(ends.columns);
    for (const text of ends.columns.keys()) {
      const columns = renamed.get({ table: ends.table, text });
      if (columns) {
        after.set(columnText(columns), columns);
      }
    }
    if (ends === this.owners && this.relation.owning.fixedOrder) {
      const count = this.relation.owning.joinColumns.length;
      for (const { ownerId } of this.before) {
        after.set(ownerId, textsOfKey(ownerId, count) ?? [ownerId]);
      }
    }
    return after;
  }

  /** A row that is recorded under the key that it had keeps its links under it. */
  private withFormerNames(links: readonly Link[], ends: EndsAfter): readonly Link[] {
    const end = this.relation.recordsOwner ? 'ownerId' : 'targetId';
    const former = (end === 'ownerId' ? this.owners : this.targets).formerNames(
      this.formerKeys.values(),
      ends,
    );
    return former.size === 0
      ? links
      : links.map((link) => ({ ...link, [end]: former.get(link[end]) ?? link[end] }));
  }
}

function lostMembers({ snapshot = [], items }: DirtyCollection): readonly object[] {
  const present = new Set(items);
  return snapshot.filter((member) => !present.has(member));
}
