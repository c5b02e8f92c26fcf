import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import type { EntityValues } from '../orm/entity-facts.js';
import { compareTables, type RowReader } from '../orm/row-reader.js';
import type { Subject } from './subject.js';

/** A row as it was before the flush, read with the class that it really is of. */
interface FoundRow {
  readonly codec: EntityCodec;
  readonly row: EntityValues;
}

/** The rows of some subjects of a flush, read in its transaction before its first statement. */
export class RowsBefore {
  static readonly NONE = new RowsBefore(new Map());

  private constructor(private readonly found: ReadonlyMap<Subject, FoundRow | null>) {}

  /** One locking read per table, and one more for each audited subclass that a reference may stand for. */
  static async read(subjects: Iterable<Subject>, reader: RowReader): Promise<RowsBefore> {
    const found = new Map<Subject, FoundRow | null>();
    const byTable = [...Map.groupBy(subjects, ({ codec }) => codec)].sort(([one], [other]) =>
      compareTables(one.policy.meta, other.policy.meta),
    );
    for (const [, ofTable] of byTable) {
      await readRows(ofTable, reader, found);
    }
    return new RowsBefore(found);
  }

  /** Whether some rows were read and are not there. */
  get hasMissing(): boolean {
    return this.found.size > 0 && [...this.found.values()].includes(null);
  }

  /** The class of the row, which a reference may not tell. */
  codecOf(subject: Subject): EntityCodec {
    return this.found.get(subject)?.codec ?? subject.codec;
  }

  /** Undefined when the row was not read, or is not there. */
  rowOf(subject: Subject): EntityValues | undefined {
    return this.found.get(subject)?.row;
  }

  /** True when the row was read and is not there: the statement will hit, or has hit, nothing. */
  isGone(subject: Subject): boolean {
    return this.found.get(subject) === null;
  }
}

/** @param subjects of one class in one schema */
async function readRows(
  subjects: readonly Subject[],
  reader: RowReader,
  found: Map<Subject, FoundRow | null>,
): Promise<void> {
  const uncertain = new Set(subjects.flatMap(({ subclasses }) => subclasses));
  const lock = subjects.some(({ locksKey }) => locksKey) ? 'delete' : 'update';
  let rest = subjects;
  for (const codec of [...uncertain, ...new Set(subjects.map((subject) => subject.codec))]) {
    const candidates = rest.filter(
      (subject) => subject.codec === codec || subject.subclasses.includes(codec),
    );
    const keys = candidates.map(({ original }) => original);
    const rows = keys.length > 0 ? await reader.rowsByKey(codec, keys, lock) : new Map();
    for (const subject of candidates) {
      const row = rows.get(subject.codec.entityId(subject.original, 'unit-of-work'));
      found.set(subject, row ? { codec, row } : null);
    }
    rest = rest.filter((subject) => !found.get(subject));
  }
}
