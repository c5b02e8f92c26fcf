import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { RowMap } from '../../model/row-map.js';
import { propertiesOf } from '../../policy/metadata-properties.js';
import type { EntityCodec, EntityCodecs } from '../../serialize/entity/entity-codec.js';
import type { DirtyCollection } from '../orm/collection-facts.js';
import { type EntityValues, keyColumnsOf, keyOf } from '../orm/entity-facts.js';
import type { ForeignKeyRule } from '../orm/foreign-keys.js';
import { columnText, conditionValue, RowKey, referenceColumns } from '../orm/row-key.js';
import { compareTables, type RowLock, type RowReader } from '../orm/row-reader.js';
import type { RowsBefore } from '../subject/rows-before.js';
import type { Subject } from '../subject/subject.js';
import type { Parent, WatchedLinkRows, WatchList } from './watch-list.js';

/** A row as it was before the flush. */
export interface WatchedRow {
  readonly key: RowKey;
  readonly codec: EntityCodec;
  readonly row: EntityValues;
}

/** The rows of the tables that a flush watches, as they were before it. */
export interface WatchedRows {
  readonly rows: RowMap<WatchedRow>;
  /** Those that a foreign key rule, or the replacement of a collection, may delete. */
  readonly doubtful: readonly WatchedRow[];
}

/** A subject, and the names of the properties that its statement writes. */
export interface WrittenSubject {
  readonly subject: Subject;
  readonly names: readonly string[];
}

/** Reads the rows of a watch list, before the first statement of the flush, with the locks that the statements take. */
export class RowWatcher {
  private readonly rows = new RowMap<WatchedRow>();
  private readonly doubtful: WatchedRow[] = [];
  /** Rows that may be deleted, or get another key, and whose children have been looked for. */
  private readonly followed = { deleted: new RowMap<true>(), renamed: new RowMap<true>() };

  /**
   * @param subjects the entities that the flush updates or deletes, of the tables that are watched
   * @param schema of rows that no entity stands for
   */
  constructor(
    private readonly list: WatchList,
    private readonly codecs: EntityCodecs,
    private readonly subjects: readonly WrittenSubject[],
    private readonly reader: RowReader,
    private readonly schema: string | undefined,
  ) {}

  /** At most one locking read per foreign key and level, and one or two for each collection. */
  async read(before: RowsBefore): Promise<WatchedRows> {
    for (const { subject } of this.subjects) {
      const row = before.rowOf(subject);
      if (row) {
        this.watch(before.codecOf(subject), row);
      }
    }
    let level: readonly Parent[] = this.list.parents;
    for (const collection of this.list.collections) {
      level = [...level, ...(await this.readMembers(collection))];
    }
    for (const links of this.list.linkRows) {
      level = [...level, ...(await this.readLinkRows(links))];
    }
    while (level.length > 0) {
      level = await this.readLevel(level);
    }
    return { rows: this.rows, doubtful: this.doubtful };
  }

  /** @returns the members that may be deleted */
  private async readMembers(collection: DirtyCollection): Promise<readonly Parent[]> {
    const { prop, owner, snapshot, attached } = collection;
    const reference = prop.targetMeta && propertiesOf(prop.targetMeta)[prop.mappedBy];
    const members: WatchedRow[] = [];
    for (const codec of prop.targetMeta && reference ? this.codecs.family(prop.targetMeta) : []) {
      if (attached.length > 0) {
        const rows = await this.reader.rowsByKey(codec, attached.map(keyOf), 'update', this.schema);
        this.watchAll(codec, rows);
      }
      if (snapshot === undefined && reference) {
        const lock = prop.orphanRemoval ? 'delete' : 'update';
        const rows = await this.rowsPointingTo(codec, reference, [keyColumnsOf(owner)], lock);
        members.push(...this.watchAll(codec, rows));
      }
    }
    if (!prop.orphanRemoval) {
      return [];
    }
    this.doubtful.push(...members);
    return members.map(({ key }) => ({ key, isRenamed: false }));
  }

  /** @returns the rows, each of which may be deleted */
  private async readLinkRows({ codec, owner, reference }: WatchedLinkRows): Promise<readonly Parent[]> {
    const keys = [keyColumnsOf(owner)].filter(({ length }) => length > 0);
    const rows = this.watchAll(codec, await this.rowsPointingTo(codec, reference, keys, 'delete'));
    this.doubtful.push(...rows);
    return rows.map(({ key }) => ({ key, isRenamed: false }));
  }

  private async readLevel(parents: readonly Parent[]): Promise<readonly Parent[]> {
    const next: Parent[] = [];
    const fresh = parents.filter((parent) => this.isFresh(parent));
    for (const rule of this.rulesOf(fresh)) {
      const { codec, reference, effect } = rule;
      const keys = fresh
        .filter(({ key, isRenamed }) => isTarget(reference, key.meta) && isRenamed === (effect === 'set key'))
        .map(({ key }) => key.columns);
      const rows = await this.rowsPointingTo(
        codec,
        reference,
        keys,
        effect === 'delete' ? 'delete' : 'update',
      );
      const changed = [...this.watchAll(codec, rows), ...this.rewritten(rule)];
      if (effect === 'delete') {
        this.doubtful.push(...changed);
      }
      if (effect === 'delete' || (effect === 'set key' && reference.primary)) {
        next.push(...changed.map(({ key }) => ({ key, isRenamed: effect === 'set key' })));
      }
    }
    return next;
  }

  /** The flush makes them point somewhere else, which may be to a row that is deleted. */
  private rewritten({ codec, reference, effect }: ForeignKeyRule): readonly WatchedRow[] {
    return effect !== 'delete'
      ? []
      : this.subjects
          .filter(({ names }) => names.includes(reference.name))
          .flatMap(({ subject }) => {
            const found = this.rows.get(RowKey.of(subject.codec, subject.original));
            return found?.codec === codec ? [found] : [];
          });
  }

  /** In the order in which all flushes lock; the most derived class of a hierarchy comes first. */
  private rulesOf(parents: readonly Parent[]): readonly ForeignKeyRule[] {
    const { foreignKeys } = this.list;
    const rules = parents.flatMap(({ key, isRenamed }) =>
      isRenamed ? foreignKeys.onKeyChange(key.meta) : foreignKeys.onDelete(key.meta),
    );
    const depth = ({ codec }: ForeignKeyRule): number => this.codecs.below(codec.policy.meta).length;
    return [...new Set(rules)].sort(
      (one, other) =>
        compareTables(one.codec.policy.meta.root, other.codec.policy.meta.root) || depth(one) - depth(other),
    );
  }

  private isFresh({ key, isRenamed }: Parent): boolean {
    const followed = isRenamed ? this.followed.renamed : this.followed.deleted;
    const name = { table: key.table, text: columnText(key.columns) };
    const isFresh = !followed.has(name);
    followed.set(name, true);
    return isFresh;
  }

  private async rowsPointingTo(
    codec: EntityCodec,
    reference: EntityProperty,
    keys: readonly (readonly unknown[])[],
    lock: RowLock,
  ): Promise<ReadonlyMap<string, EntityValues>> {
    return keys.length === 0
      ? new Map()
      : this.reader.rowsByReference(codec, reference, keys.map(conditionValue), lock, this.schema);
  }

  private watchAll(codec: EntityCodec, rows: ReadonlyMap<string, EntityValues>): readonly WatchedRow[] {
    return [...rows.values()].map((row) => this.watch(codec, row));
  }

  /** The first look at a row is by its own class. */
  private watch(codec: EntityCodec, row: EntityValues): WatchedRow {
    const key = RowKey.of(codec, row, 'row');
    const known = this.rows.get(key) ?? { key, codec, row };
    this.rows.set(key, known);
    return known;
  }
}

/** The keys that rows get with the flush, by the keys that they had; children follow their parents. */
export function renamedKeys(
  own: Iterable<readonly [before: RowKey, after: RowKey]>,
  rows: RowMap<WatchedRow>,
): RowMap<readonly unknown[]> {
  const renamed = new RowMap<readonly unknown[]>();
  for (const [before, after] of own) {
    renamed.set(columnName(before.meta, before.columns), after.columns);
  }
  for (let isGrowing = renamed.size > 0; isGrowing; ) {
    isGrowing = false;
    for (const { key } of rows.values()) {
      const name = columnName(key.meta, key.columns);
      const followed = renamed.has(name) ? null : following(key, renamed);
      if (followed) {
        renamed.set(name, followed);
        isGrowing = true;
      }
    }
  }
  return renamed;
}

/** The name of a row by the text of its columns, as links and references have it. */
export function columnName({ root }: EntityMetadata, columns: readonly unknown[]) {
  return { table: root.class, text: columnText(columns) };
}

/** The key columns of a row of which a part refers to a renamed row; null when none does. */
function following({ meta, parts }: RowKey, renamed: RowMap<readonly unknown[]>): readonly unknown[] | null {
  let isFollowing = false;
  const columns = meta.primaryKeys.flatMap((name, i) => {
    const own = referenceColumns(parts[i]);
    const { targetMeta } = meta.properties[name] ?? {};
    const followed = targetMeta && renamed.get(columnName(targetMeta, own));
    isFollowing ||= followed !== undefined;
    return followed ?? own;
  });
  return isFollowing ? columns : null;
}

function isTarget({ targetMeta }: EntityProperty, meta: EntityMetadata): boolean {
  return targetMeta?.root.class === meta.root.class;
}
