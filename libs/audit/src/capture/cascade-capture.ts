import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { EntityCodec } from '../serialize/entity-codec.js';
import { compareTables } from './before-images.js';
import type { CaptureEnvironment } from './capture-environment.js';
import type { EntityValues } from './flush-subject.js';
import { type DirtyCollection, keyValues } from './link-changes.js';
import type { RowDraft } from './row-draft.js';
import type { StateReader } from './state-reader.js';

/** A row that a statement of the flush changes although the unit of work has no change set for it. */
interface AffectedRow {
  readonly codec: EntityCodec;
  readonly entityId: string;
  readonly row: EntityValues;
  /** The foreign key that becomes null; null when the row is deleted. */
  readonly nulled: EntityProperty | null;
  /** The foreign key by which the row is reached. */
  readonly reference: EntityProperty;
}

interface Deletion {
  readonly meta: EntityMetadata;
  readonly key: unknown;
}

/** How the flush treats an entity that it has a change set for; undefined when it has none. */
export type OwnChange = (
  codec: EntityCodec,
  entityId: string,
) => { readonly isDelete: boolean; readonly changes: (name: string) => boolean } | undefined;

/**
 * Rows that are changed behind the unit of work: children that the database deletes or detaches by a foreign key
 * rule, and the children of a one-to-many collection that is replaced without having been loaded.
 */
export class CascadeCapture {
  private readonly deletions: Deletion[] = [];
  private readonly replaced: DirtyCollection[] = [];
  private readonly affected: AffectedRow[] = [];

  constructor(private readonly environment: CaptureEnvironment) {}

  get isNeeded(): boolean {
    return this.deletions.length > 0 || this.replaced.length > 0;
  }

  /** @param key in database form: the value itself, or an array where it is composite */
  addDeletion(meta: EntityMetadata, key: unknown): void {
    if (this.environment.cascades.of(meta).length > 0) {
      this.deletions.push({ meta, key });
    }
  }

  addCollection(collection: DirtyCollection): void {
    if (
      collection.prop.kind === ReferenceKind.ONE_TO_MANY &&
      collection.snapshot === undefined &&
      collection.prop.targetMeta
    ) {
      this.replaced.push(collection);
    }
  }

  /** Rows that the cascade deletes, to find the links they lose. */
  get deletedRows(): readonly { readonly codec: EntityCodec; readonly row: EntityValues }[] {
    return this.affected.filter((affected) => affected.nulled === null);
  }

  /** At most one locking read per foreign key and level of the cascade. */
  async read(reader: StateReader, schema: string | undefined): Promise<void> {
    for (const collection of this.replaced) {
      await this.readReplaced(collection, reader, schema);
    }
    let level: readonly Deletion[] = this.deletions;
    const seen = new Set<string>();
    while (level.length > 0) {
      level = await this.readLevel(level, seen, reader, schema);
    }
  }

  drafts(ownChange: OwnChange): readonly RowDraft[] {
    return this.affected.flatMap(({ codec, entityId, row, nulled, reference }): RowDraft[] => {
      const own = ownChange(codec, entityId);
      if (own && (own.isDelete || own.changes(reference.name))) {
        return [];
      }
      const names = nulled === null ? [...codec.properties.keys()] : [nulled.name];
      const before = new Map(names.map((name) => [name, codec.encode(name, row[name], 'row')]));
      return [
        {
          codec,
          operation: nulled === null ? 'delete' : 'update',
          entityId,
          root: null,
          before,
          after: new Map(nulled === null ? [] : [[nulled.name, null]]),
        },
      ];
    });
  }

  private async readLevel(
    level: readonly Deletion[],
    seen: Set<string>,
    reader: StateReader,
    schema: string | undefined,
  ): Promise<readonly Deletion[]> {
    const next: Deletion[] = [];
    const rules = new Map(
      level.flatMap(({ meta }) => this.environment.cascades.of(meta)).map((rule) => [rule.reference, rule]),
    );
    const ordered = [...rules.values()].sort((one, other) =>
      compareTables(one.codec.policy.meta, other.codec.policy.meta),
    );
    for (const { codec, reference, effect } of ordered) {
      const keys = level
        .filter(({ meta }) => meta.root.class === reference.targetMeta?.root.class)
        .map(({ key }) => key);
      const rows = await reader.rowsByReference(codec, reference, keys, schema);
      for (const [entityId, row] of rows) {
        const mark = JSON.stringify([
          codec.policy.entityType,
          entityId,
          effect === 'delete' ? null : reference.name,
        ]);
        if (seen.has(mark)) {
          continue;
        }
        seen.add(mark);
        this.affected.push({
          codec,
          entityId,
          row,
          nulled: effect === 'delete' ? null : reference,
          reference,
        });
        if (effect === 'delete') {
          const parts = codec.policy.meta.primaryKeys.map((name) => row[name]);
          next.push({ meta: codec.policy.meta, key: parts.length === 1 ? parts[0] : parts });
        }
      }
    }
    return next;
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
    const kept = new Set(items.map((item) => JSON.stringify(keyValues(item).map(String))));
    const key = keyValues(owner);
    const rows = await reader.rowsByReference(codec, reference, [key.length === 1 ? key[0] : key], schema);
    for (const [entityId, row] of rows) {
      const rowKey = codec.policy.meta.primaryKeys.map((name) => row[name]).flat(Number.POSITIVE_INFINITY);
      if (!kept.has(JSON.stringify(rowKey.map(String)))) {
        this.affected.push({
          codec,
          entityId,
          row,
          nulled: prop.orphanRemoval ? null : reference,
          reference,
        });
        if (prop.orphanRemoval) {
          this.addDeletion(codec.policy.meta, rowKey.length === 1 ? rowKey[0] : rowKey);
        }
      }
    }
  }
}
