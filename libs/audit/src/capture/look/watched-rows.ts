import type { EntityManager, EntityProperty } from '@mikro-orm/core';
import { RowMap } from '../../model/row-map.js';
import { propertiesOf } from '../../policy/metadata-properties.js';
import { isPerSchema, type RowPlace } from '../../policy/row-schema.js';
import type { EntityCodec, EntityCodecs } from '../../serialize/entity/entity-codec.js';
import type { DirtyCollection } from '../orm/collection-facts.js';
import { type EntityValues, keyColumnsOf, keyOf } from '../orm/entity-facts.js';
import type { ForeignKeyRule } from '../orm/foreign-keys.js';
import { columnText, conditionValue, RowKey } from '../orm/row-key.js';
import { compareTables, type RowLock, type RowReader } from '../orm/row-reader.js';
import { isSharedRow } from '../orm/schema-facts.js';
import type { Schemas } from '../orm/schemas.js';
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
   * @param em of the flush
   * @param subjects the entities that the flush updates or deletes, of the tables that are watched
   */
  constructor(
    private readonly list: WatchList,
    private readonly schemas: Schemas,
    private readonly em: EntityManager,
    private readonly subjects: readonly WrittenSubject[],
    private readonly reader: RowReader,
  ) {}

  /** Those of the schema of the EntityManager, where MikroORM looks for the members of a collection. */
  private get codecs(): EntityCodecs {
    return this.schemas.from(this.em).codecs;
  }

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
        const rows = await this.reader.rowsByKey(codec, attached.map(keyOf), 'update');
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
    const found = await this.rowsPointingTo(codec, reference, [keyColumnsOf(owner)], 'delete');
    const rows = this.watchAll(codec, found);
    this.doubtful.push(...rows);
    return rows.map(({ key }) => ({ key, isRenamed: false }));
  }

  private async readLevel(parents: readonly Parent[]): Promise<readonly Parent[]> {
    const next: Parent[] = [];
    const fresh = parents.filter((parent) => this.isFresh(parent));
    const rules = new Map<Parent, readonly ForeignKeyRule[]>();
    for (const parent of fresh) {
      rules.set(parent, await this.rulesFor(parent));
    }
    for (const rule of this.inOrder([...rules.values()].flat())) {
      const { codec, reference, effect } = rule;
      const keys = fresh.filter((parent) => rules.get(parent)?.includes(rule)).map(({ key }) => key.columns);
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
  private inOrder(rules: readonly ForeignKeyRule[]): readonly ForeignKeyRule[] {
    const depth = ({ codec }: ForeignKeyRule): number => this.codecs.below(codec.policy.meta).length;
    return [...new Set(rules)].sort(
      (one, other) =>
        compareTables(one.codec.policy.meta.root, other.codec.policy.meta.root) || depth(one) - depth(other),
    );
  }

  /** Rows that all tenants share may have children in the schema of each. */
  private async rulesFor({ key, isRenamed }: Parent): Promise<readonly ForeignKeyRule[]> {
    const rulesNear = (place: Pick<RowPlace, 'schema'>) => {
      const { foreignKeys } = this.schemas.near(place, this.em);
      return isRenamed ? foreignKeys.onKeyChange(key.meta) : foreignKeys.onDelete(key.meta);
    };
    const rules = rulesNear(key);
    const ofTenants = isSharedRow(key.meta, key, this.em) ? rules.filter(isOfTenant) : [];
    const found = rules.filter((rule) => !ofTenants.includes(rule));
    for (const { codec, reference } of ofTenants) {
      const { class: child, tableName } = codec.policy.meta;
      for (const schema of await this.reader.schemasWithKeyTo(key.meta, tableName)) {
        const own = rulesNear({ schema }).filter((rule) => rule.reference === reference);
        found.push(...own.filter((rule) => rule.codec.policy.meta.class === child));
      }
    }
    return found;
  }

  private isFresh({ key, isRenamed }: Parent): boolean {
    const followed = isRenamed ? this.followed.renamed : this.followed.deleted;
    const name = { table: key.table, text: columnText(key.columns) };
    const isFresh = !followed.has(name);
    followed.set(name, true);
    return isFresh;
  }

  /** @param keys empty for an entity that has none, to which nothing points */
  private async rowsPointingTo(
    codec: EntityCodec,
    reference: EntityProperty,
    keys: readonly (readonly unknown[])[],
    lock: RowLock,
  ): Promise<ReadonlyMap<string, EntityValues>> {
    const whole = keys.filter(({ length }) => length > 0);
    return whole.length === 0
      ? new Map()
      : this.reader.rowsByReference(codec, reference, whole.map(conditionValue), lock);
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

function isOfTenant({ codec }: ForeignKeyRule): boolean {
  return isPerSchema(codec.policy.meta);
}
