import { type EntityMetadata, helper } from '@mikro-orm/core';
import type { EntityCodec, EntityCodecs } from '../serialize/entity/entity-codec.js';
import { keyValues } from './link-changes.js';
import { textOf } from './link-sync.js';
import type { StateReader } from './state-reader.js';

/**
 * The class of each entity that records links of a relation: with inheritance a link table has links of several
 * classes, and each is recorded under its own.
 */
export class RecordedClasses {
  private readonly byId = new Map<string, EntityCodec | undefined>();
  private readonly entities = new Set<object>();
  /** Keys of references, whose rows may be of a class that extends theirs. */
  private readonly references = new Set<string>();
  private readonly single: EntityCodec | undefined;
  /** The audited classes of the hierarchy, those that extend others first. */
  private readonly family: readonly EntityCodec[];

  constructor(
    meta: EntityMetadata,
    private readonly codecs: EntityCodecs,
  ) {
    this.single = meta.root.inheritanceType === undefined ? codecs.find(meta) : undefined;
    const root = codecs.find(meta.root);
    this.family = this.single ? [] : [...codecs.below(meta.root), ...(root ? [root] : [])];
  }

  get isReadNeeded(): boolean {
    return this.references.size > 0;
  }

  /** An entity that the unit of work has knows its class, unless it is a reference. */
  note(entity: object): void {
    if (this.single) {
      return;
    }
    const { __meta: meta, __initialized: isLoaded } = helper(entity);
    if (isLoaded || this.codecs.below(meta).length === 0) {
      this.entities.add(entity);
      this.assign(entity);
    } else {
      this.references.add(textOf(keyValues(entity)));
    }
  }

  /** At most one read per class, for the entities of which only the id is known. */
  async read(ids: Iterable<string>, reader: StateReader): Promise<void> {
    const all = this.single ? [] : [...new Set([...ids, ...this.references])];
    let unknown = all.filter((id) => !this.byId.has(id));
    for (const codec of this.family) {
      const keys = unknown.map((id) => codec.keyOf(id)).filter((key) => key !== undefined);
      const rows = keys.length === 0 ? new Map() : await reader.rowsByKey(codec, keys, 'none', undefined);
      for (const id of rows.keys()) {
        this.byId.set(id, codec);
      }
      unknown = unknown.filter((id) => !rows.has(id));
    }
  }

  /** Undefined when the class is not audited. Asked after the statements, when new entities have their keys. */
  of(id: string): EntityCodec | undefined {
    if (this.single) {
      return this.single;
    }
    for (const entity of this.entities) {
      this.assign(entity);
    }
    this.entities.clear();
    return this.byId.get(id);
  }

  private assign(entity: object): void {
    const key = keyValues(entity);
    if (key.length > 0) {
      this.byId.set(textOf(key), this.codecs.find(helper(entity).__meta));
    }
  }
}
