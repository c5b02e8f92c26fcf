import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { EntityCodec } from '../serialize/entity-codec.js';
import { keyText } from '../serialize/key-text.js';
import { compareTables } from './before-images.js';
import type { CaptureEnvironment } from './capture-environment.js';
import type { CascadeRule } from './cascade-rules.js';
import { type EntityValues, keyColumns, type NewKey } from './flush-subject.js';
import { type DirtyCollection, keyValues } from './link-changes.js';
import type { RowDraft } from './row-draft.js';
import type { StateReader } from './state-reader.js';

/** A row that a statement of the flush changes although the unit of work has no change set for it. */
interface AffectedRow {
  readonly codec: EntityCodec;
  readonly entityId: string;
  readonly row: EntityValues;
  /** The foreign key by which the row is reached. */
  readonly reference: EntityProperty;
  readonly effect: CascadeRule['effect'];
  /** Key that the foreign key gets; null unless the effect is `set key`. */
  readonly newKey: NewKey | null;
}

/** A row that is deleted, or gets another key. */
interface Parent {
  readonly meta: EntityMetadata;
  /** Values of the key columns, in database form. */
  readonly key: readonly unknown[];
  /** Null when the row is deleted. */
  readonly newKey: NewKey | null;
}

/** How the flush treats an entity that it has a change set for; undefined when it has none. */
export type OwnChange = (
  codec: EntityCodec,
  entityId: string,
) => { readonly isDelete: boolean; readonly changes: (name: string) => boolean } | undefined;

/**
 * Rows that are changed behind the unit of work: children that the database deletes, detaches or moves along by a
 * foreign key rule, and the children of a one-to-many collection that is replaced without having been loaded.
 */
export class CascadeCapture {
  private readonly parents: Parent[] = [];
  private readonly replaced: DirtyCollection[] = [];
  private readonly affected: AffectedRow[] = [];

  constructor(private readonly environment: CaptureEnvironment) {}

  get isNeeded(): boolean {
    return this.parents.length > 0 || this.replaced.length > 0;
  }

  /** @param key values of the key columns, in database form */
  addDeletion(meta: EntityMetadata, key: readonly unknown[]): void {
    this.addParent({ meta, key, newKey: null });
  }

  /**
   * @param key values of the key columns before, in database form
   * @param newKey asked after the statements
   */
  addKeyChange(meta: EntityMetadata, key: readonly unknown[], newKey: NewKey): void {
    this.addParent({ meta, key, newKey });
  }

  addCollection(collection: DirtyCollection): void {
    const { prop, snapshot } = collection;
    if (prop.kind === ReferenceKind.ONE_TO_MANY && snapshot === undefined && prop.targetMeta) {
      this.replaced.push(collection);
    }
  }

  /** Rows that the cascade deletes, to find the links they lose. */
  get deletedRows(): readonly { readonly codec: EntityCodec; readonly row: EntityValues }[] {
    return this.affected.filter(({ effect }) => effect === 'delete');
  }

  /** At most one locking read per foreign key and level of the cascade. */
  async read(reader: StateReader, schema: string | undefined): Promise<void> {
    for (const collection of this.replaced) {
      await this.readReplaced(collection, reader, schema);
    }
    const seen = new Set<string>();
    let level: readonly Parent[] = this.parents;
    while (level.length > 0) {
      level = await this.readLevel(level, seen, reader, schema);
    }
  }

  /** The changes, without those that the flush makes, or makes otherwise, itself. */
  drafts(ownChange: OwnChange): readonly RowDraft[] {
    return this.affected
      .filter(({ codec, entityId, reference }) => {
        const own = ownChange(codec, entityId);
        return !own || !(own.isDelete || own.changes(reference.name));
      })
      .map(toDraft);
  }

  private addParent(parent: Parent): void {
    if (this.rulesOf(parent).length > 0) {
      this.parents.push(parent);
    }
  }

  private rulesOf({ meta, newKey }: Parent): readonly CascadeRule[] {
    const { cascades } = this.environment;
    return newKey === null ? cascades.onDelete(meta) : cascades.onKeyChange(meta);
  }

  private async readLevel(
    level: readonly Parent[],
    seen: Set<string>,
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
      for (const [entityId, row] of await reader.rowsByReference(
        codec,
        reference,
        keys,
        effect === 'delete' ? 'delete' : 'update',
        schema,
      )) {
        const mark = JSON.stringify([
          codec.policy.entityType,
          entityId,
          effect === 'delete' || reference.name,
        ]);
        if (!seen.has(mark)) {
          seen.add(mark);
          const newKey =
            parents.get(columnText([row[reference.name]].flat(Number.POSITIVE_INFINITY)))?.newKey ?? null;
          next.push(...this.affect({ codec, entityId, row, reference, effect, newKey }));
        }
      }
    }
    return next;
  }

  /** @returns the row as a parent of the next level, where its own key goes or changes */
  private affect(affected: AffectedRow): readonly Parent[] {
    this.affected.push(affected);
    const { codec, row, reference, effect, newKey } = affected;
    const { meta } = codec.policy;
    const key = keyColumns(meta, row);
    if (effect === 'delete') {
      return [{ meta, key, newKey: null }];
    }
    if (newKey && reference.primary) {
      return [{ meta, key, newKey: () => keyColumns(meta, { ...row, [reference.name]: newKey() }) }];
    }
    return [];
  }

  private async readReplaced(
    collection: DirtyCollection,
    reader: StateReader,
    schema: string | undefined,
  ): Promise<void> {
    const { prop, owner, items } = collection;
    const codec = prop.targetMeta && this.environment.codecs.find(prop.targetMeta);
    const reference = prop.targetMeta?.properties[prop.mappedBy as never] as EntityProperty | undefined;
    if (!codec || !reference) {
      return;
    }
    const kept = new Set(items.map((item) => columnText(keyValues(item))));
    const lock = prop.orphanRemoval ? 'delete' : 'update';
    const rows = await reader.rowsByReference(codec, reference, [asValue(keyValues(owner))], lock, schema);
    for (const [entityId, row] of rows) {
      const key = keyColumns(codec.policy.meta, row);
      if (!kept.has(columnText(key))) {
        const effect = prop.orphanRemoval ? 'delete' : 'set null';
        this.affected.push({ codec, entityId, row, reference, effect, newKey: null });
        if (effect === 'delete') {
          this.addDeletion(codec.policy.meta, key);
        }
      }
    }
  }
}

function toDraft({ codec, entityId, row, reference, effect, newKey }: AffectedRow): RowDraft {
  const names = effect === 'delete' ? [...codec.properties.keys()] : [reference.name];
  const value = newKey === null ? null : codec.encode(reference.name, asValue(newKey()), 'unit-of-work');
  return {
    codec,
    operation: effect === 'delete' ? 'delete' : 'update',
    entityId,
    root: null,
    before: new Map(names.map((name) => [name, codec.encode(name, row[name], 'row')])),
    after: new Map(effect === 'delete' ? [] : [[reference.name, value]]),
  };
}

function isTarget(reference: EntityProperty, meta: EntityMetadata): boolean {
  return reference.targetMeta?.root.class === meta.root.class;
}

/** A key as MikroORM's conditions take it: the value itself, or an array where it is composite. */
function asValue(key: readonly unknown[]): unknown {
  return key.length === 1 ? key[0] : key;
}

/** Drivers give numbers where the unit of work has texts, and the other way round. */
function columnText(key: readonly unknown[]): string {
  return keyText(key.map(String));
}
