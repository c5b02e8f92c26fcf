import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import type { ClassFacts } from '../orm/class-facts.js';
import type { DirtyCollection } from '../orm/collection-facts.js';
import type { ForeignKeyRule, ForeignKeys } from '../orm/foreign-keys.js';
import type { RowKey } from '../orm/row-key.js';

/** A row that is deleted, or gets another key. */
export interface Parent {
  readonly key: RowKey;
  readonly isRenamed: boolean;
}

/** The rows of links of one entity, in an audited class of their own. */
export interface WatchedLinkRows {
  readonly codec: EntityCodec;
  /** The entity that has the collection of the links. */
  readonly owner: object;
  /** The property by which the rows refer to it. */
  readonly reference: EntityProperty;
}

/**
 * The tables of which a flush may change rows otherwise than its change sets say, and where that begins: deleted and
 * renamed rows with foreign key rules, one-to-many collections that are replaced without having been loaded, links whose
 * rows have a class of their own, rows for which two entities stand, rows for which an extra update of an earlier flush
 * is repeated, and entities that are `exact`.
 */
export class WatchList {
  readonly parents: Parent[] = [];
  readonly collections: DirtyCollection[] = [];
  readonly linkRows: WatchedLinkRows[] = [];
  private readonly tables = new Set<unknown>();

  constructor(readonly foreignKeys: ForeignKeys) {}

  get isEmpty(): boolean {
    return this.tables.size === 0 && this.parents.length === 0;
  }

  /** Whether the rows of a class are read before the flush, and compared with what it left. */
  covers({ root }: EntityMetadata): boolean {
    return this.tables.has(root.class);
  }

  addTable({ root }: EntityMetadata): void {
    this.tables.add(root.class);
  }

  addDeletion({ deleteRules }: ClassFacts, key: RowKey): void {
    if (deleteRules.length > 0) {
      this.parents.push({ key, isRenamed: false });
      this.addReach(deleteRules);
    }
  }

  addKeyChange({ meta, codec, keyRules }: ClassFacts, key: RowKey): void {
    if (codec) {
      this.addTable(meta);
    }
    if (keyRules.length > 0) {
      this.parents.push({ key, isRenamed: true });
      this.addReach(keyRules);
    }
  }

  /** An update of something that others refer to in the place of the key. */
  addTargetChange({ keyRules }: ClassFacts, names: readonly string[], key: () => RowKey): void {
    const rules = keyRules.filter(({ reference: { targetKey } }) => targetKey && names.includes(targetKey));
    if (rules.length > 0) {
      this.parents.push({ key: key(), isRenamed: true });
      this.addReach(rules);
    }
  }

  /** Of a collection that is not loaded, MikroORM lets go of the members with one statement that no change set shows. */
  addCollection(collection: DirtyCollection): void {
    const { prop, snapshot, attached } = collection;
    const { targetMeta } = prop;
    if (
      prop.kind === ReferenceKind.ONE_TO_MANY &&
      targetMeta &&
      (snapshot === undefined || attached.length > 0)
    ) {
      this.collections.push(collection);
      this.addTable(targetMeta);
      this.addReach(this.foreignKeys.onDelete(targetMeta));
    }
  }

  addLinkRows(links: WatchedLinkRows): void {
    const { meta } = links.codec.policy;
    this.linkRows.push(links);
    this.addTable(meta);
    this.addReach(this.foreignKeys.onDelete(meta));
  }

  private addReach(rules: readonly ForeignKeyRule[]): void {
    for (const table of this.foreignKeys.reachOf(rules)) {
      this.tables.add(table);
    }
  }
}
