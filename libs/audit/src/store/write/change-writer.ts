import type { ChangeRecord } from '../../model/change-record.js';
import type { JsonObject } from '../../model/json.js';
import type { TargetsOf } from '../../model/relation-target.js';
import type { SqlResult } from '../../model/sql-transaction.js';
import type {
  DoubtfulChange,
  NewRevision,
  SentChanges,
  SqlTransaction,
  WriteOptions,
} from '../audit-store.js';
import { type ExceptionSource, executeStatement } from '../sql/sql-statement.js';
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
  readonly is_doubtful: boolean;
}

/** A change that was left out. */
interface LeftOut {
  readonly n: string | number;
  readonly deleted_state: JsonObject | null;
}

const PROBES: readonly Probe[] = ['none', 'return', 'refuse'];

/**
 * Characters of the changes that one statement carries; the change that exceeds them is its last one. Enough for ten thousand
 * large rows, while PostgreSQL takes no parameter above 1 GB and Node no text above 512 MB.
 */
const MAX_CHARACTERS = 16 * 1_024 * 1_024;

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
    /** Whether triggers may begin a revision, of which only the statement itself learns. */
    private readonly hasTriggers: boolean,
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
    options: WriteOptions<'return' | 'write'>,
  ): Promise<readonly DoubtfulChange[]> {
    const header = headerParameters(revision);
    const doubtful: DoubtfulChange[] = [];
    let { hasWritten } = options;
    for (const chunk of changeChunks(changes, this.targetsOf, MAX_CHARACTERS)) {
      doubtful.push(...(await this.writeChunk(transaction, header, chunk, { ...options, hasWritten })));
      hasWritten = true;
    }
    return doubtful;
  }

  /** See `AuditStore.send`. */
  async send(
    transaction: SqlTransaction,
    revision: NewRevision,
    changes: readonly ChangeRecord[],
    options: WriteOptions<'refuse' | 'write'>,
  ): Promise<SentChanges | null> {
    const header = headerParameters(revision);
    let { hasWritten } = options;
    let last: ChangeChunk | null = null;
    for (const chunk of changeChunks(changes, this.targetsOf, MAX_CHARACTERS)) {
      if (last) {
        await this.writeChunk(transaction, header, last, { ...options, hasWritten });
        hasWritten = true;
      }
      last = chunk;
    }
    if (!last) {
      return null;
    }
    // A second statement, where triggers have begun the revision, would come after the commit.
    const sent = this.writeChunk(transaction, header, last, {
      ...options,
      hasWritten: hasWritten || this.hasTriggers,
    });
    return { written: sent.then(() => undefined) };
  }

  /** The statement is sent before this returns. */
  private async writeChunk(
    transaction: SqlTransaction,
    header: readonly Parameter[],
    chunk: ChangeChunk,
    options: WriteOptions,
  ): Promise<readonly DoubtfulChange[]> {
    const probe = probeOf(chunk, options);
    const [only, second] = chunk.rows;
    if (only && !second && !options.hasWritten) {
      const single = { text: this.single[probe], parameters: [...header, ...only] };
      const { numAffectedRows } = await this.run(transaction, single, 1);
      if (numAffectedRows !== 0n) {
        return [];
      }
    } else {
      const columns = chunk.columns();
      if (columns) {
        const parameters = [...header, String(options.hasWritten), ...columns];
        const many = { text: this.many[probe], parameters };
        const { rows } = await this.run(transaction, many, chunk.changes.length);
        if (!(rows as readonly Written[])[0]?.is_doubtful) {
          return [];
        }
      }
    }
    return this.writeCarefully(transaction, header, chunk.changes, { ...options, hasWritten: true });
  }

  private async writeCarefully(
    transaction: SqlTransaction,
    header: readonly Parameter[],
    changes: readonly ChangeRecord[],
    { hasWritten, doubtful: policy }: WriteOptions,
  ): Promise<readonly DoubtfulChange[]> {
    const incoming = changes.map((change) => toJson(change, this.targetsOf(change)));
    const parameters = [...header, String(hasWritten), JSON.stringify(incoming), policy];
    const { rows } = await this.run(transaction, { text: this.careful, parameters }, changes.length);
    return (rows as readonly LeftOut[]).flatMap((row) => {
      const change = changes[Number(row.n) - 1];
      return change ? [{ change, deletedState: row.deleted_state }] : [];
    });
  }

  private run(
    transaction: SqlTransaction,
    { text, parameters }: Statement,
    changes: number,
  ): Promise<SqlResult> {
    const statement = this.statements.prepare(text, changes);
    return executeStatement(transaction, statement, parameters, this.exceptions);
  }
}

/** A create needs no look: its row was not there. */
function probeOf({ changes }: ChangeChunk, { doubtful }: WriteOptions): Probe {
  return doubtful === 'write' || changes.every(({ operation }) => operation === 'create') ? 'none' : doubtful;
}

function byProbe(textOf: (probe: Probe) => string): Readonly<Record<Probe, string>> {
  return Object.fromEntries(PROBES.map((probe) => [probe, textOf(probe)])) as Record<Probe, string>;
}

/** Short keys: they are sent once per change. */
function toJson(change: ChangeRecord, targets: readonly string[] | null): object {
  return {
    t: change.entityType,
    i: change.entityId,
    rt: change.partOfType,
    ri: change.partOfId,
    o: change.operation,
    b: change.before,
    a: change.after,
    l: change.labels ?? null,
    lr: change.partOfIdBefore,
    nt: change.renamedTo,
    tg: targets,
  };
}
