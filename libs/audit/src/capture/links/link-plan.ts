import type { EntityManager, EntityMetadata } from '@mikro-orm/core';
import type { RowPlace } from '../../policy/row-schema.js';
import type { SnapshotTrust } from '../believe/snapshot-trust.js';
import type { ClassFacts } from '../orm/class-facts.js';
import type { DirtyCollection } from '../orm/collection-facts.js';
import { type EntityValues, entityIn, metaOf, valueIn } from '../orm/entity-facts.js';
import type { RecordedRelation } from '../orm/link-table.js';
import { type RowKey, referenceColumns } from '../orm/row-key.js';
import type { RowReader } from '../orm/row-reader.js';
import { isSharedRow, pivotOf } from '../orm/schema-facts.js';
import type { Schemas } from '../orm/schemas.js';
import { LinksBefore } from './links-before.js';
import { RelationLinks } from './relation-links.js';

type Place = Pick<RowPlace, 'schema'>;

/** A row that tenants share, at an end of links that each of them has. */
interface SharedEnd {
  readonly meta: EntityMetadata;
  readonly relation: RecordedRelation;
  readonly add: (links: RelationLinks, relation: RecordedRelation) => void;
}

/**
 * Changes of many-to-many links: synchronized collections, and links that are lost because one of their ends is
 * deleted. Each link is recorded once, on the side that the policy chose.
 */
export class LinkPlan {
  /** By link table, by the class that shares it with others, and by schema. */
  private readonly relations = new Map<string, RelationLinks>();
  /** Of rows that tenants share. The schemas of their links are known once the flush may read. */
  private readonly shared: SharedEnd[] = [];

  constructor(
    private readonly em: EntityManager,
    private readonly schemas: Schemas,
    private readonly snapshots: SnapshotTrust,
  ) {}

  get isEmpty(): boolean {
    return this.relations.size + this.shared.length === 0;
  }

  /** Owners that have synchronized collections, with or without a change set of their own. */
  get collectionOwners(): readonly object[] {
    return [...this.relations.values()].flatMap(({ collections }) => collections.map(({ owner }) => owner));
  }

  addCollection(collection: DirtyCollection): void {
    const { owner } = collection;
    const { relations } = this.schemas.around(owner, this.em).of(metaOf(owner), this.em);
    const relation = relations.find(({ prop }) => prop.name === collection.prop.name);
    if (relation) {
      const isTrusted = this.snapshots.isTrustedCollection(collection.collection, collection, this.em);
      this.of(relation).addCollection(collection, isTrusted);
    }
  }

  /**
   * @param place where the row is
   * @returns whether links have to be read, so that nobody may add any until the row is deleted
   */
  addDeletion(facts: ClassFacts, place: Place, entity: object): boolean {
    let isUncertain = false;
    const { length: known } = this.shared;
    this.addEnd(facts, place, (links, { prop, hasForeignKeys }) => {
      links.addDeletion(prop.owner, entity);
      isUncertain ||= hasForeignKeys;
    });
    return isUncertain || this.shared.length > known;
  }

  /** A row that no entity needs to stand for, and that a foreign key rule may delete. */
  addDoubtfulRow(facts: ClassFacts, key: RowKey): void {
    this.addEnd(facts, key, (links, { prop }) => links.addDoubtfulRow(prop.owner, key.columns));
  }

  /** @param key the one before */
  addKeyChange(facts: ClassFacts, key: RowKey, entity: object): void {
    this.addEnd(facts, key, (links, { prop }) => links.addKeyChange(prop.owner, key.columns, entity));
  }

  /** Adds a row to all relations that have its class at one end. */
  private addEnd({ meta, relations }: ClassFacts, place: Place, add: SharedEnd['add']): void {
    for (const relation of relations) {
      const { owning, hasForeignKeys } = relation;
      if (hasForeignKeys && pivotOf(owning, this.em).schema === '*' && isSharedRow(meta, place, this.em)) {
        this.shared.push({ meta, relation, add });
      } else {
        add(this.of(relation), relation);
      }
    }
  }

  /** Each tenant has links of its own to a row that all of them share. */
  private async addShared(reader: RowReader): Promise<void> {
    for (const { meta, relation, add } of this.shared) {
      const { tableName } = pivotOf(relation.owning, this.em);
      for (const schema of await reader.schemasWithKeyTo(meta, tableName)) {
        const { relations } = this.schemas.near({ schema }, this.em).of(meta, this.em);
        for (const own of relations.filter(({ prop }) => prop.name === relation.prop.name)) {
          add(this.of(own), own);
        }
      }
    }
  }

  /**
   * A row of a link table that is written by an entity of its own.
   * @param values of the row before the flush, as far as they are known
   */
  addLinkRow({ linkRows }: ClassFacts, entity: object, values: EntityValues): void {
    for (const { relation, owner } of linkRows) {
      const links = this.of(relation);
      links.addLinkRow(referenceColumns(values[owner.name] ?? []), () =>
        entityIn(valueIn(entity, owner.name)),
      );
    }
  }

  /** Ask when everything has been added. */
  get needsLook(): boolean {
    return this.shared.length > 0 || [...this.relations.values()].some((links) => links.needsLook);
  }

  /** The links before the flush, as far as they have to be looked at. At most one read per link table. */
  async look(reader: RowReader): Promise<LinksBefore> {
    await this.addShared(reader);
    const looked = [...this.relations.values()].filter((links) => links.needsLook).sort(compareLinkTables);
    for (const links of looked) {
      await links.look(reader);
    }
    return this.before(new Set(looked));
  }

  /** For a flush whose loaded collections tell everything. */
  withoutLook(): LinksBefore {
    return this.before(new Set());
  }

  private before(looked: ReadonlySet<RelationLinks>): LinksBefore {
    return new LinksBefore([...this.relations.values()], looked, this.snapshots, this.em);
  }

  private of(relation: RecordedRelation): RelationLinks {
    const { owning, around } = relation;
    const key = JSON.stringify([owning.pivotTable, owning.discriminatorValue, around]);
    const links = this.relations.get(key) ?? new RelationLinks(relation, this.schemas, this.em);
    this.relations.set(key, links);
    return links;
  }
}

function compareLinkTables(one: RelationLinks, other: RelationLinks): number {
  const [first, second] = [one, other].map(({ relation }) => String(relation.owning.pivotTable));
  return String(first) < String(second) ? -1 : 1;
}
