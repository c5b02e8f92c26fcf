import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import {
  type AffectedRow,
  affectedDraft,
  asValue,
  columnText,
  type DetachedRow,
  detachedDraft,
  isEarlyOnly,
  type OwnChange,
  rowName,
  takenDraft,
} from './affected-row.js';
import { compareTables } from './before-images.js';
import type { CaptureEnvironment } from './capture-environment.js';
import type { CascadeRule } from './cascade-rules.js';
import { DoomedWrites, type PointerRule, type PointingWrite } from './doomed-writes.js';
import { type EntityValues, keyColumns, type NewKey } from './flush-subject.js';
import type { DirtyCollection } from './link-changes.js';
import { letGoRules, rowsLetGo, rowsTaken } from './replaced-collection.js';
import type { RowDraft } from './row-draft.js';
import type { StateReader } from './state-reader.js';

/** A row that is deleted, or gets another key. */
interface Parent {
  readonly meta: EntityMetadata;
  /** Values of the key columns, in database form. */
  readonly key: readonly unknown[];
  /** Null when the row is deleted. */
  readonly newKey: NewKey | null;
  readonly isEarly: boolean;
}

/**
 * Rows that are changed behind the unit of work: children that the database deletes, detaches or moves along by a
 * foreign key rule, and the children of a one-to-many collection that is replaced without having been loaded.
 */
export class CascadeCapture {
  private readonly parents: Parent[] = [];
  private readonly replaced: DirtyCollection[] = [];
  private readonly affected: AffectedRow[] = [];
  private readonly detached: DetachedRow[] = [];
  private readonly taken: AffectedRow[] = [];
  private readonly doomed = new DoomedWrites();
  /** New rows that the cascade deletes again. */
  readonly lostEntities = new Set<object>();
  private readonly seen = new Set<string>();
  /** Rows that are deleted because of where the flush makes them point to. */
  private readonly ownDeletions = new Set<string>();

  constructor(private readonly environment: CaptureEnvironment) {}

  get isNeeded(): boolean {
    return this.parents.length > 0 || this.replaced.length > 0;
  }

  /**
   * @param key values of the key columns, in database form
   * @param isEarly whether the row is deleted before the other statements
   * @returns whether its children have to be read
   */
  addDeletion(meta: EntityMetadata, key: readonly unknown[], entity: object, isEarly: boolean): boolean {
    if (!isEarly) {
      this.doomed.noteDeleted(meta, key, entity);
    }
    return this.addParent({ meta, key, newKey: null, isEarly });
  }

  /**
   * @param key values of the key columns before, in database form
   * @param newKey asked after the statements
   */
  addKeyChange(meta: EntityMetadata, key: readonly unknown[], newKey: NewKey): void {
    this.addParent({ meta, key, newKey, isEarly: false });
  }

  addCollection(collection: DirtyCollection): void {
    const { prop, snapshot, attached } = collection;
    if (prop.kind === ReferenceKind.ONE_TO_MANY && (snapshot === undefined || attached.length > 0)) {
      this.replaced.push(collection);
    }
  }

  pointerRules(codec: EntityCodec): readonly PointerRule[] {
    return [...this.environment.cascades.ofChild(codec), ...letGoRules(this.replaced, codec)];
  }

  addWrite(write: PointingWrite): void {
    this.doomed.add(write);
  }

  /** Rows that are not any more what the unit of work knows of them. */
  get changedRows(): readonly AffectedRow[] {
    return [...this.affected, ...this.taken];
  }

  get detachedEntities(): readonly object[] {
    return this.detached.map(({ entity }) => entity);
  }

  /** At most one locking read per foreign key and level of the cascade. */
  async read(reader: StateReader, schema: string | undefined): Promise<void> {
    let level: readonly Parent[] = [...this.parents];
    for (const collection of this.replaced) {
      const { codecs } = this.environment;
      this.taken.push(...(await rowsTaken(collection, codecs, reader, schema)));
      const rows = collection.snapshot ? [] : await rowsLetGo(collection, codecs, reader, schema);
      level = [...level, ...rows.flatMap((row) => this.affect(row))];
    }
    do {
      const next = await this.readLevel(level, reader, schema);
      level = [...next, ...(await this.readDoomed(reader))];
    } while (level.length > 0);
  }

  /** What happens to rows before the flush inserts and updates, which may insert them again. */
  earlyDrafts(ownChange: OwnChange): readonly RowDraft[] {
    const rows = this.affected.filter((row) => isEarlyOnly(row, ownChange));
    return rows.map((row) => affectedDraft(row, this.environment.policyOf));
  }

  /** The other changes, without those that the flush makes, or makes otherwise, itself. */
  drafts(ownChange: OwnChange): readonly RowDraft[] {
    const isMissing = (row: AffectedRow): boolean => {
      const own = ownChange(row.codec, row.entityId);
      if (!own || own.isDelete) {
        return !own && !row.isEarly;
      }
      const isDeleted = row.isEarly || this.ownDeletions.has(rowName(row.codec, row.entityId));
      return !own.changes(row.reference.name) || (row.effect === 'delete' && isDeleted);
    };
    const { policyOf } = this.environment;
    return [
      ...this.affected.filter(isMissing).map((row) => affectedDraft(row, policyOf)),
      ...this.taken.flatMap((row) => takenDraft(row, ownChange, policyOf) ?? []),
      ...this.detached.map(detachedDraft),
    ];
  }

  private addParent(parent: Parent): boolean {
    const hasRules = this.rulesOf(parent).length > 0;
    if (hasRules) {
      this.parents.push(parent);
    }
    return hasRules;
  }

  private rulesOf({ meta, newKey }: Parent): readonly CascadeRule[] {
    const { cascades } = this.environment;
    return newKey === null ? cascades.onDelete(meta) : cascades.onKeyChange(meta);
  }

  private async readLevel(
    level: readonly Parent[],
    reader: StateReader,
    schema: string | undefined,
  ): Promise<readonly Parent[]> {
    const next: Parent[] = [];
    const rules = [...new Set(level.flatMap((parent) => this.rulesOf(parent)))];
    rules.sort((one, other) => compareTables(one.codec.policy.meta, other.codec.policy.meta));
    for (const { codec, reference, effect } of rules) {
      const parents = new Map(
        level
          .filter(
            ({ meta, newKey }) => isTarget(reference, meta) && (newKey !== null) === (effect === 'set key'),
          )
          .map((parent) => [columnText(parent.key), parent]),
      );
      const keys = [...parents.values()].map(({ key }) => asValue(key));
      const lock = effect === 'delete' ? 'delete' : 'update';
      for (const [entityId, row] of await reader.rowsByReference(codec, reference, keys, lock, schema)) {
        const parent = parents.get(columnText([row[reference.name]].flat(Number.POSITIVE_INFINITY)));
        const { newKey = null, isEarly = false } = parent ?? {};
        next.push(...this.affect({ codec, entityId, row, reference, effect, newKey, isEarly }));
      }
    }
    return next;
  }

  /** The flush's own writes that the deletes so far bring to nothing. At most one locking read per table. */
  private async readDoomed(reader: StateReader): Promise<readonly Parent[]> {
    const next: Parent[] = [];
    for (let writes = this.doomed.take(); writes.length > 0; writes = this.doomed.take()) {
      const updates: (PointingWrite & { readonly original: EntityValues })[] = [];
      for (const write of writes) {
        if (write.effect === 'set null') {
          this.detached.push(write);
        } else if (write.original === null) {
          this.lostEntities.add(write.entity);
          this.doomed.noteLost(write.entity);
        } else {
          updates.push({ ...write, original: write.original });
        }
      }
      for (const [codec, ofTable] of Map.groupBy(updates, (write) => write.codec)) {
        for (const [schema, ofSchema] of Map.groupBy(ofTable, (write) => write.schema)) {
          const originals = ofSchema.map(({ original }) => original);
          const [first] = ofSchema;
          for (const [entityId, row] of await reader.rowsByKey(codec, originals, 'delete', schema)) {
            this.ownDeletions.add(rowName(codec, entityId));
            next.push(...(first ? this.affect(ownDeletion(first, entityId, row)) : []));
          }
        }
      }
    }
    return next;
  }

  /** @returns the row as a parent of the next level, where its own key goes or changes */
  private affect(affected: AffectedRow): readonly Parent[] {
    const { codec, entityId, row, reference, effect, newKey, isEarly } = affected;
    const mark = JSON.stringify([codec.policy.entityType, entityId, effect === 'delete' || reference.name]);
    if (this.seen.has(mark)) {
      return [];
    }
    this.seen.add(mark);
    this.affected.push(affected);
    const { meta } = codec.policy;
    const key = keyColumns(meta, row);
    if (effect === 'delete') {
      if (!isEarly) {
        this.doomed.noteDeleted(meta, key);
      }
      return [{ meta, key, newKey: null, isEarly }];
    }
    return newKey && reference.primary
      ? [{ meta, key, newKey: () => keyColumns(meta, { ...row, [reference.name]: newKey() }), isEarly }]
      : [];
  }
}

function ownDeletion({ codec, reference }: PointingWrite, entityId: string, row: EntityValues): AffectedRow {
  return {
    codec,
    entityId,
    row,
    reference,
    effect: 'delete',
    newKey: null,
    isEarly: false,
  };
}

function isTarget(reference: EntityProperty, meta: EntityMetadata): boolean {
  return reference.targetMeta?.root.class === meta.root.class;
}
