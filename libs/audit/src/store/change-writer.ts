import type { ChangeRecord } from '../model/change-record.js';
import type { JsonObject } from '../model/json.js';
import type { TargetsOf } from '../model/relation-target.js';
import type { NewRevision, SqlTransaction, WriteOptions, WriteResult } from './audit-store.js';
import { changeColumns } from './change-columns.js';
import { headerParameters } from './revision-header.js';
import { runStatement } from './sql-statement.js';
import type { TableNames } from './table-names.js';
import { textArray } from './text-array.js';
import { carefulWriteSql, manyWriteSql, type Probe, singleWriteSql } from './write-sql.js';
import { WriteStatements } from './write-statements.js';

type Parameter = string | null;

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
 * Writes a revision with its changes with one statement: see the forms in `write-sql.ts`. The fast ones write nothing when
 * any change is in doubt; then, and only then, the careful one follows.
 */
export class ChangeWriter {
  private readonly statements = new WriteStatements();
  private readonly single: Readonly<Record<Probe, string>>;
  private readonly many: Readonly<Record<Probe, string>>;
  private readonly careful: string;

  constructor(
    tables: TableNames,
    private readonly targetsOf: TargetsOf,
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
    const written = await this.writeFast(transaction, header, changes, options);
    return written ?? this.writeCarefully(transaction, header, changes, options);
  }

  /** Null when nothing was written. */
  private async writeFast(
    transaction: SqlTransaction,
    header: readonly Parameter[],
    changes: readonly ChangeRecord[],
    { revisionId, doubtful }: WriteOptions,
  ): Promise<WriteResult | null> {
    const isKnown = doubtful === 'write' || changes.every(({ operation }) => operation === 'create');
    const probe = isKnown ? 'none' : doubtful;
    const [only, second] = changes;
    if (only && !second && revisionId === null) {
      const [row] = await this.run<Written>(transaction, this.single[probe], 1, [
        ...header,
        ...parametersOf(only, this.targetsOf(only)),
      ]);
      return row ? { revisionId: row.revision_id, doubtful: [] } : null;
    }
    const columns = changeColumns(changes, this.targetsOf);
    if (!columns) {
      return null;
    }
    const parameters = [...header, revisionId, ...columns];
    const [row] = await this.run<Written>(transaction, this.many[probe], changes.length, parameters);
    return row?.is_doubtful ? null : { revisionId: row?.revision_id ?? revisionId, doubtful: [] };
  }

  private async writeCarefully(
    transaction: SqlTransaction,
    header: readonly Parameter[],
    changes: readonly ChangeRecord[],
    { revisionId, doubtful: policy }: WriteOptions,
  ): Promise<WriteResult> {
    const incoming = changes.map((change) => toJson(change, this.targetsOf(change)));
    const parameters = [...header, revisionId, JSON.stringify(incoming), policy];
    const rows = await this.run<CarefullyWritten>(transaction, this.careful, changes.length, parameters);
    const doubtful = rows.flatMap((row) => {
      const change = row.n === null ? undefined : changes[Number(row.n) - 1];
      return change ? [{ change, deletedState: row.deleted_state }] : [];
    });
    return { revisionId: rows.find((row) => row.revision_id !== null)?.revision_id ?? revisionId, doubtful };
  }

  private run<Row>(
    transaction: SqlTransaction,
    text: string,
    changes: number,
    parameters: readonly Parameter[],
  ): Promise<readonly Row[]> {
    return runStatement<Row>(transaction, this.statements.prepare(text, changes), parameters);
  }
}

function byProbe(textOf: (probe: Probe) => string): Readonly<Record<Probe, string>> {
  return Object.fromEntries(PROBES.map((probe) => [probe, textOf(probe)])) as Record<Probe, string>;
}

function parametersOf(change: ChangeRecord, targets: readonly string[] | null): readonly Parameter[] {
  return [
    change.entityType,
    change.entityId,
    change.rootType,
    change.rootId,
    change.operation,
    change.before && JSON.stringify(change.before),
    change.after && JSON.stringify(change.after),
    change.labels ? JSON.stringify(change.labels) : null,
    change.leftRootId ?? null,
    change.renamedTo ?? null,
    targets && textArray(targets),
  ];
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
