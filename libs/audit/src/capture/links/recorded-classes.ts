import type { EntityMetadata } from '@mikro-orm/core';
import type { EntityCodec, EntityCodecs } from '../../serialize/entity/entity-codec.js';
import { isLoaded, keyColumnsOf, metaOf } from '../orm/entity-facts.js';
import { columnText } from '../orm/row-key.js';
import type { RowReader } from '../orm/row-reader.js';

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
    this.family = this.single ? [] : codecs.family(meta.root);
  }

  get needsLook(): boolean {
    return this.references.size > 0;
  }

  /** An entity that the unit of work has knows its class, unless it is a reference. */
  note(entity: object): void {
    if (this.single) {
      return;
    }
    if (isLoaded(entity) || this.codecs.below(metaOf(entity)).length === 0) {
      this.entities.add(entity);
      this.assign(entity);
    } else {
      this.references.add(columnText(keyColumnsOf(entity)));
    }
  }

  /** At most one read per class, for the entities of which only the id is known. */
  async look(ids: Iterable<string>, reader: RowReader): Promise<void> {
    const all = this.single ? [] : [...new Set([...ids, ...this.references])];
    let unknown = all.filter((id) => !this.byId.has(id));
    for (const codec of this.family) {
      const keys = unknown.map((id) => codec.keyOf(id)).filter((key) => key !== undefined);
      const rows = keys.length === 0 ? new Map() : await reader.rowsByKey(codec, keys, 'none');
      for (const id of rows.keys()) {
        this.byId.set(id, codec);
      }
      unknown = unknown.filter((id) => !rows.has(id));
    }
  }

  /** Undefined when the class is not audited. New entities have their keys only after the statements. */
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
    const key = keyColumnsOf(entity);
    if (key.length > 0) {
      this.byId.set(columnText(key), this.codecs.find(metaOf(entity)));
    }
  }
}
