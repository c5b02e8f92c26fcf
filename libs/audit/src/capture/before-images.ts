import { type EntityMetadata, isRaw } from '@mikro-orm/core';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { EntityCodec } from '../serialize/entity/entity-codec.js';
import { jsonEquals } from '../serialize/json/canonical-json.js';
import type { PropertyCodec } from '../serialize/property/property-codec.js';
import type { CaptureEnvironment, StoredAs } from './capture-environment.js';
import type { EntityValues, FlushSubject } from './flush-subject.js';
import type { StateReader } from './state-reader.js';

/** Stored where the value before could not be known: a hook changed what the unit of work had never loaded. */
const UNKNOWN_BEFORE: JsonValue = { $error: 'the value before was not loaded' };

/** The rows, before the flush, of those entities of which the unit of work does not know enough. */
export class BeforeImages {
  private readonly wanted = new Map<EntityCodec, Map<string | undefined, FlushSubject[]>>();
  private readonly wantedSubjects = new Set<FlushSubject>();
  private readonly rows = new Map<EntityCodec, Map<string, EntityValues>>();
  /** Classes that turned out to be others than those of the entities. */
  private readonly classes = new Map<FlushSubject, EntityCodec>();

  constructor(private readonly environment: CaptureEnvironment) {}

  get isNeeded(): boolean {
    return this.wantedSubjects.size > 0;
  }

  /**
   * @param names the properties whose value before the change will be asked for
   * @param mustLock whether others must be kept from adding rows that depend on this one
   */
  want(subject: FlushSubject, names: readonly string[], schema: string | undefined, mustLock: boolean): void {
    const { codec } = subject;
    if (mustLock || codec.policy.exact || !subject.isTrusted || !this.isKnown(subject, names)) {
      const bySchema = this.wanted.get(codec) ?? new Map<string | undefined, FlushSubject[]>();
      const subjects = bySchema.get(schema) ?? [];
      subjects.push(subject);
      bySchema.set(schema, subjects);
      this.wanted.set(codec, bySchema);
      this.wantedSubjects.add(subject);
    }
  }

  private isKnown(subject: FlushSubject, names: readonly string[]): boolean {
    for (const name of names) {
      if (!isLoaded(subject.original, name)) {
        const property = subject.codec.properties.get(name);
        if (property && !this.isKnownNull(subject, property)) {
          return false;
        }
      }
    }
    return true;
  }

  /** One locking read per table. */
  async read(reader: StateReader): Promise<void> {
    const byTable = [...this.wanted].sort(([one], [other]) =>
      compareTables(one.policy.meta, other.policy.meta),
    );
    for (const [codec, bySchema] of byTable) {
      for (const [schema, subjects] of bySchema) {
        const rest = await this.readSubclasses(subjects, schema, reader);
        await this.readRows(codec, rest, schema, reader);
      }
    }
  }

  /** Whether there are rows of other classes than those of their entities. */
  get hasSubclasses(): boolean {
    return this.classes.size > 0;
  }

  /** The class of the row; ask after reading. */
  codecOf(subject: FlushSubject): EntityCodec {
    return this.classes.get(subject) ?? subject.codec;
  }

  /** @returns the subjects whose rows are not of a subclass */
  private async readSubclasses(
    subjects: readonly FlushSubject[],
    schema: string | undefined,
    reader: StateReader,
  ): Promise<readonly FlushSubject[]> {
    const found = new Set<FlushSubject>();
    const uncertain = subjects.filter(({ subclasses }) => subclasses.length > 0);
    for (const codec of new Set(uncertain.flatMap(({ subclasses }) => subclasses))) {
      const candidates = uncertain.filter(
        (subject) => !found.has(subject) && subject.subclasses.includes(codec),
      );
      const rows = await this.readRows(codec, candidates, schema, reader);
      for (const subject of candidates.filter((one) => rows.has(idOf(one)))) {
        this.classes.set(subject, codec);
        found.add(subject);
      }
    }
    return subjects.filter((subject) => !found.has(subject));
  }

  private async readRows(
    codec: EntityCodec,
    subjects: readonly FlushSubject[],
    schema: string | undefined,
    reader: StateReader,
  ): Promise<ReadonlyMap<string, EntityValues>> {
    const rows = this.rows.get(codec) ?? new Map<string, EntityValues>();
    this.rows.set(codec, rows);
    if (subjects.length > 0) {
      const keys = subjects.map((subject) => subject.original);
      const lock = subjects.some(({ locksKey }) => locksKey) ? 'delete' : 'update';
      for (const [id, row] of await reader.rowsByKey(codec, keys, lock, schema)) {
        rows.set(id, row);
      }
    }
    return rows;
  }

  /** True when the row was looked for and is not there: the statement will hit, or has hit, nothing. */
  isGone(subject: FlushSubject): boolean {
    return this.wantedSubjects.has(subject) && this.rowOf(subject) === undefined;
  }

  /** The stored row; undefined when it was not read. */
  rowOf(subject: FlushSubject): EntityValues | undefined {
    return this.rows.get(this.codecOf(subject))?.get(idOf(subject));
  }

  /** Unmasked JSON of properties before the change, by name. What is not audited is left out. */
  valuesOf(subject: FlushSubject, names: readonly string[]): JsonObject {
    const { original } = subject;
    const codec = this.codecOf(subject);
    const row = this.wantedSubjects.has(subject) ? this.rowOf(subject) : undefined;
    const storedAs = this.environment.storedAs.get(subject.entity);
    const values: Record<string, JsonValue> = {};
    for (const name of names) {
      const property = codec.properties.get(name);
      if (!property) {
        continue;
      }
      if (row) {
        values[name] = property.encode(row[name], 'row');
        continue;
      }
      const noted = storedAs?.get(name);
      const ordinary = noted ? undefined : property.ordinary(original[name]);
      if (ordinary !== undefined) {
        values[name] = ordinary;
      } else if (isLoaded(original, name)) {
        values[name] = storedValue(property, original[name], noted);
      } else {
        values[name] = this.isKnownNull(subject, property) ? null : UNKNOWN_BEFORE;
      }
    }
    return values;
  }

  /** MikroORM's snapshot of an entity it has just created lacks what it neither sent nor got back. */
  private isKnownNull({ entity, original }: FlushSubject, property: PropertyCodec): boolean {
    return (
      !(property.name in original) &&
      this.environment.snapshots.isCreated(entity) &&
      !property.hasDatabaseDefault
    );
  }
}

/** The snapshot holds what was loaded, or what was sent; this is what is stored. */
function storedValue(property: PropertyCodec, snapshot: unknown, noted: StoredAs | undefined): JsonValue {
  const known = property.encode(snapshot, 'unit-of-work');
  if (known === null) {
    return null;
  }
  return noted && jsonEquals(noted.sent, known) ? noted.stored : (property.storedForm(known) ?? known);
}

function idOf({ codec, original }: FlushSubject): string {
  return codec.entityId(original, 'unit-of-work');
}

/** An SQL expression that was assigned stays in MikroORM's snapshot in place of its result, in some cases. */
function isLoaded(original: EntityValues, name: string): boolean {
  const value = original[name];
  return value === undefined ? name in original : !isRaw(value);
}

/** One order for all flushes of all processes, so that reads that lock never wait for each other crosswise. */
export function compareTables(one: EntityMetadata, other: EntityMetadata): number {
  return one.tableName < other.tableName ? -1 : one.tableName > other.tableName ? 1 : 0;
}
