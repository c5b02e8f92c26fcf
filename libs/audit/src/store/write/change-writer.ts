import type { ChangeRecord } from '../../model/change-record.js';
import type { JsonObject } from '../../model/json.js';
import type { TargetsOf } from '../../model/relation-target.js';
import type {
  DoubtfulChange,
  NewRevision,
  SentChanges,
  SqlTransaction,
  WriteOptions,
  WriteResult,
} from '../audit-store.js';
import { type ExceptionSource, runStatement } from '../sql/sql-statement.js';
import { headerParameters } from '../tables/revision-header.js';
import type { TableNames } from '../tables/table-names.js';
import { type ChangeChunk, changeChunks } from './change-chunks.js';
import { carefulWriteSql, manyWriteSql, type Probe, singleWriteSql } from './write-sql.js';
import { WriteStatements } from './write-statements.js';

type Parameter = string | null;

interface Statement {
  readonly text: string;
  readonly parameters: readonly Parameter[];
}

interface Written {
  readonly revision_id: string | null;
  /** Absent for a single change, which leaves out the row instead. */
  readonly is_doubtful?: boolean;
}

interface CarefullyWritten {
  readonly revision_id: string | null;
  readonly n: string | number | null;
  readonly deleted_state: JsonObject | null;
}

const PROBES: readonly Probe[] = ['none', 'return', 'refuse'];

/**
 * Characters of the changes that one statement carries; the change that exceeds them is its last one. Enough for ten thousand
 * large rows, while PostgreSQL takes no parameter above 1 GB and Node no text above 512 MB.
 */
const MAX_CHARACTERS = 16 * 1_024 * 1_024;

interface ChunkOptions {
  readonly revisionId: string | null;
  readonly doubtful: WriteOptions['doubtful'] | 'refuse';
}

/**
 * Writes a revision with its changes with one statement, or with some where the changes are very large: see the forms in
 * `write-sql.ts`. The fast ones write nothing when any change is in doubt; then, and only then, the careful one follows.
 */
export class ChangeWriter {
  private readonly statements = new WriteStatements();
  private readonly single: Readonly<Record<Probe, string>>;
  private readonly many: Readonly<Record<Probe, string>>;
  private readonly careful: string;

  constructor(
    tables: TableNames,
    private readonly targetsOf: TargetsOf,
    private readonly exceptions: ExceptionSource,
  ) {
    this.single = byProbe((probe) => singleWriteSql(tables, probe));
    this.many = byProbe((probe) => manyWriteSql(tables, probe));
    this.careful = carefulWriteSql(tables);
  }

  /** See `AuditStore.write`. */
  async write(
    transaction: SqlTransaction,
    revision: NewRevision,
    changes: readonly ChangeRecord[],
    options: WriteOptions,
  ): Promise<WriteResult> {
    const header = headerParameters(revision);
    const doubtful: DoubtfulChange[] = [];
    let { revisionId } = options;
    for (const chunk of changeChunks(changes, this.targetsOf, MAX_CHARACTERS)) {
      const written = await this.writeChunk(transaction, header, chunk, { ...options, revisionId });
      revisionId = written.revisionId;
      doubtful.push(...written.doubtful);
    }
    return { revisionId, doubtful };
  }

  /** See `AuditStore.send`. */
  async send(
    transaction: SqlTransaction,
    revision: NewRevision,
    changes: readonly ChangeRecord[],
    knownId: string | null,
  ): Promise<SentChanges | null> {
    const header = headerParameters(revision);
    let revisionId = knownId;
    let last: ChangeChunk | null = null;
    for (const chunk of changeChunks(changes, this.targetsOf, MAX_CHARACTERS)) {
      if (last) {
        const options = { revisionId, doubtful: 'refuse' } as const;
        ({ revisionId } = await this.writeChunk(transaction, header, last, options));
      }
      last = chunk;
    }
    return (
      last && { written: this.writeChunk(transaction, header, last, { revisionId, doubtful: 'refuse' }) }
    );
  }

  /** The statement is sent before this returns. */
  private async writeChunk(
    transaction: SqlTransaction,
    header: readonly Parameter[],
    chunk: ChangeChunk,
    options: ChunkOptions,
  ): Promise<WriteResult> {
    const fast = this.fastStatement(header, chunk, options);
    if (fast) {
      const [row] = await this.run<Written>(transaction, fast, chunk.changes.length);
      if (row && !row.is_doubtful) {
        return { revisionId: row.revision_id ?? options.revisionId, doubtful: [] };
      }
    }
    return this.writeCarefully(transaction, header, chunk.changes, options);
  }

  /** Null when the changes cannot be written like this. */
  private fastStatement(
    header: readonly Parameter[],
    chunk: ChangeChunk,
    { revisionId, doubtful }: ChunkOptions,
  ): Statement | null {
    const isKnown = doubtful === 'write' || chunk.changes.every(({ operation }) => operation === 'create');
    const probe = isKnown ? 'none' : doubtful;
    const [only, second] = chunk.rows;
    if (only && !second && revisionId === null) {
      return { text: this.single[probe], parameters: [...header, ...only] };
    }
    const columns = chunk.columns();
    return columns && { text: this.many[probe], parameters: [...header, revisionId, ...columns] };
  }

  private async writeCarefully(
    transaction: SqlTransaction,
    header: readonly Parameter[],
    changes: readonly ChangeRecord[],
    { revisionId, doubtful: policy }: ChunkOptions,
  ): Promise<WriteResult> {
    const incoming = changes.map((change) => toJson(change, this.targetsOf(change)));
    const parameters = [...header, revisionId, JSON.stringify(incoming), policy];
    const statement = { text: this.careful, parameters };
    const rows = await this.run<CarefullyWritten>(transaction, statement, changes.length);
    const doubtful = rows.flatMap((row) => {
      const change = row.n === null ? undefined : changes[Number(row.n) - 1];
      return change ? [{ change, deletedState: row.deleted_state }] : [];
    });
    return { revisionId: rows.find((row) => row.revision_id !== null)?.revision_id ?? revisionId, doubtful };
  }

  private run<Row>(
    transaction: SqlTransaction,
    { text, parameters }: Statement,
    changes: number,
  ): Promise<readonly Row[]> {
    const statement = this.statements.prepare(text, changes);
    return runStatement<Row>(transaction, statement, parameters, this.exceptions);
  }
}

function byProbe(textOf: (probe: Probe) => string): Readonly<Record<Probe, string>> {
  return Object.fromEntries(PROBES.map((probe) => [probe, textOf(probe)])) as Record<Probe, string>;
}

/** Short keys: they are sent once per change. */
function toJson(change: ChangeRecord, targets: readonly string[] | null): object {
  return {
    t: change.entityType,
    i: change.entityId,
    rt: change.rootType,
    ri: change.rootId,
    o: change.operation,
    b: change.before,
    a: change.after,
    l: change.labels ?? null,
    lr: change.leftRootId,
    nt: change.renamedTo,
    tg: targets,
  };
}
