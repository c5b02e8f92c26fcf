import type { Collection, EntityManager, UnitOfWork } from '@mikro-orm/core';
import type { RowName } from '../../model/row-map.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import type { SnapshotTrust } from '../believe/snapshot-trust.js';
import { linkEnd } from '../orm/collection-facts.js';
import { type Link, linkText, type RecordedRelation } from '../orm/link-table.js';
import type { RowReader } from '../orm/row-reader.js';
import { type LinkChange, linkChanges } from './link-change.js';
import type { EndsAfter } from './link-ends.js';
import type { RelationLinks } from './relation-links.js';

/** The links that a flush may change, as they were before it. */
export class LinksBefore {
  private readonly wrong: (Collection<object> | undefined)[] = [];
  private readonly changedEnds: RowName[] = [];

  constructor(
    private readonly relations: readonly RelationLinks[],
    private readonly looked: ReadonlySet<RelationLinks>,
    private readonly snapshots: SnapshotTrust,
    private readonly em: EntityManager,
  ) {}

  /** Whether the link tables have to be asked once more. */
  get needsSecondLook(): boolean {
    return this.looked.size > 0;
  }

  /**
   * The changed links, by relation and by the entity that records them.
   * @param isRecreated whether a row was deleted and inserted again, so that all its links are new ones
   */
  async conclude(
    reader: RowReader,
    ends: EndsAfter,
    isRecreated: (row: RowName) => boolean,
    unitOfWork: UnitOfWork,
  ): Promise<readonly LinkChange[]> {
    const changes: LinkChange[] = [];
    for (const links of this.relations) {
      if (this.looked.has(links)) {
        const after = await links.lookAgain(reader, ends);
        changes.push(...this.changesOf(links, links.before, after, isRecreated));
        this.wrong.push(...links.unexpected(after, unitOfWork));
      } else {
        changes.push(...this.believed(links));
      }
    }
    return changes;
  }

  /** The changed links of loaded collections, where no link table has to be asked. */
  concludeWithoutLook(): readonly LinkChange[] {
    return this.relations.flatMap((links) => this.believed(links));
  }

  /** Trusts the collections that the flush has synchronized, apart from those that show links which are not there. */
  moveTrust(transaction: object): void {
    for (const end of this.changedEnds) {
      this.snapshots.noteFound(end);
    }
    for (const { collections } of this.relations) {
      for (const { collection } of collections) {
        this.snapshots.noteSynchronized(collection, transaction);
      }
    }
    for (const collection of this.wrong) {
      this.snapshots.distrustCollection(collection);
    }
  }

  private believed(links: RelationLinks): readonly LinkChange[] {
    return this.changesOf(links, links.believed('snapshot'), links.believed('items'), () => false);
  }

  private changesOf(
    { relation, classes }: RelationLinks,
    before: readonly Link[],
    after: readonly Link[],
    isRecreated: (row: RowName) => boolean,
  ): readonly LinkChange[] {
    this.noteEnds(relation, before, after);
    const { name } = relation.collection;
    const codecOf = (entityId: string): EntityCodec | undefined => {
      const codec = classes.of(entityId);
      return codec?.policy.collections.has(name) ? codec : undefined;
    };
    return linkChanges(relation, before, after, codecOf, isRecreated);
  }

  private noteEnds(relation: RecordedRelation, before: readonly Link[], after: readonly Link[]): void {
    const [was, is] = [before, after].map((links) => new Map(links.map((link) => [linkText(link), link])));
    for (const [text, { ownerId, targetId }] of [...(was ?? []), ...(is ?? [])]) {
      if (was?.has(text) !== is?.has(text)) {
        this.changedEnds.push(
          linkEnd(relation, true, ownerId, this.em),
          linkEnd(relation, false, targetId, this.em),
        );
      }
    }
  }
}
