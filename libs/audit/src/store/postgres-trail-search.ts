import type { ChangeSearch } from './change-filter.js';
import {
  type BoundStatement,
  changesByPlace,
  changesByRevision,
  changesByTime,
  RECORDED_MICROSECONDS,
} from './change-search-sql.js';
import type { HolderQuery, LifeChange, LifeKey, Moment } from './life-query.js';
import { holdersSql, livesSql } from './lives-sql.js';
import { revisionsById, revisionsByTime } from './revision-search-sql.js';
import { planOf, type TimeSlice, timeSlices } from './search-plan.js';
import type { ChangeOfRevision, StoredRevision } from './stored-change.js';
import {
  type ChangeRow,
  REVISION_COLUMNS,
  type RevisionRow,
  toStoredChange,
  toStoredRevision,
} from './stored-row.js';
import type { TableNames } from './table-names.js';
import type { CountedRevision, Found, TrailSearch } from './trail-search.js';

/** Runs a statement with bound values, in the transaction of the caller if there is one. */
export type StatementRunner = <Row>(sql: string, parameters: readonly unknown[]) => Promise<readonly Row[]>;

interface PositionRow {
  readonly position1: string;
  readonly position2?: string;
  readonly position3?: string;
}

/** Microseconds in a millisecond, the unit of `Date`. */
const MILLISECOND = 1_000n;

/** The audit tables of one MikroORM instance, searched. */
export class PostgresTrailSearch implements TrailSearch {
  constructor(
    private readonly tables: TableNames,
    private readonly read: StatementRunner,
  ) {}

  async changes(search: ChangeSearch): Promise<readonly Found<ChangeOfRevision>[]> {
    const { tables } = this;
    const rows = await this.search<ChangeRow & RevisionRow & PositionRow>(search, {
      byTime: (slice, rest) => changesByTime(rest, slice, tables),
      byId: () =>
        planOf(search.filter) === 'revision'
          ? changesByRevision(search, tables)
          : changesByPlace(search, tables),
    });
    return rows.map((row) => ({
      item: { change: toStoredChange(row), revision: toStoredRevision(row) },
      position: positionOf(row),
    }));
  }

  async revisions(search: ChangeSearch): Promise<readonly Found<CountedRevision>[]> {
    const { tables } = this;
    const rows = await this.search<RevisionRow & PositionRow & Pick<CountedRevision, 'counts'>>(search, {
      byTime: (slice, rest) => revisionsByTime(rest, slice, tables),
      byId: () => revisionsById(search, tables),
    });
    return rows.map((row) => ({
      item: { revision: toStoredRevision(row), counts: row.counts },
      position: positionOf(row),
    }));
  }

  async revisionsOf(ids: readonly string[]): Promise<ReadonlyMap<string, StoredRevision>> {
    const rows = await this.read<RevisionRow>(
      `select ${REVISION_COLUMNS} from ${this.tables.revision} r where r.id = any($1::bigint[])`,
      [ids],
    );
    return new Map(rows.map((row) => [row.revision_id, toStoredRevision(row)]));
  }

  async momentOf(revisionId: string): Promise<Moment | null> {
    const [row] = await this.read<{ recorded_at: string }>(
      `select ${RECORDED_MICROSECONDS} as recorded_at from ${this.tables.revision} r where r.id = $1::bigint`,
      [revisionId],
    );
    return row ? { recordedAt: row.recorded_at, revisionId } : null;
  }

  async lives(keys: readonly LifeKey[], moment: Moment | null): Promise<readonly (readonly LifeChange[])[]> {
    const lives: LifeChange[][] = keys.map(() => []);
    if (keys.length > 0) {
      const rows = await this.run<ChangeRow & { n: number; reached: boolean }>(
        livesSql(keys, moment, this.tables),
      );
      for (const row of rows) {
        lives[row.n]?.push({ ...toStoredChange(row), reached: row.reached });
      }
    }
    return lives;
  }

  async holders(query: HolderQuery): Promise<readonly string[]> {
    if (query.values.some(({ anyOf }) => anyOf.length === 0)) {
      return [];
    }
    const rows = await this.run<{ entity_id: string }>(holdersSql(query, this.tables));
    return rows.map((row) => row.entity_id);
  }

  private async search<Row>(
    search: ChangeSearch,
    statements: {
      readonly byTime: (slice: TimeSlice, rest: ChangeSearch) => BoundStatement;
      readonly byId: () => BoundStatement;
    },
  ): Promise<readonly Row[]> {
    if (planOf(search.filter) !== 'time') {
      return this.run<Row>(statements.byId());
    }
    const rows: Row[] = [];
    for (const slice of await this.slices(search)) {
      const limit = search.limit - rows.length;
      rows.push(...(await this.run<Row>(statements.byTime(slice, { ...search, limit }))));
      if (rows.length >= search.limit) {
        break;
      }
    }
    return rows;
  }

  private async slices({ filter, newestFirst, after }: ChangeSearch): Promise<Iterable<TimeSlice>> {
    const from = filter.from && microseconds(filter.from);
    const until = filter.until && microseconds(filter.until);
    const position = after?.[0] === undefined ? null : BigInt(after[0]);
    const span: TimeSlice = newestFirst
      ? { from, until: position === null ? until : position + 1n }
      : { from: position ?? from, until };
    const isOpen = (newestFirst ? span.until : span.from) === null;
    return timeSlices(
      span,
      newestFirst,
      isOpen && !newestFirst ? await this.firstRecorded() : microseconds(new Date()),
    );
  }

  /** The time of the first revision, or now when there is none. */
  private async firstRecorded(): Promise<bigint> {
    const [row] = await this.read<{ recorded_at: string }>(
      `select ${RECORDED_MICROSECONDS} as recorded_at from ${this.tables.revision} r order by r.id limit 1`,
      [],
    );
    return row ? BigInt(row.recorded_at) : microseconds(new Date());
  }

  private run<Row>({ sql, parameters }: BoundStatement): Promise<readonly Row[]> {
    return this.read<Row>(sql, parameters);
  }
}

function microseconds(date: Date): bigint {
  return BigInt(date.getTime()) * MILLISECOND;
}

function positionOf({ position1, position2, position3 }: PositionRow): readonly string[] {
  return [position1, position2, position3].filter((part) => part !== undefined);
}
