/** A tick goes on from the one before, begins anew, or gives positions to rows that no other tick would find. */
type TickKind = 'next' | 'beginning' | 'late';

/** The newest tick, as it is stored. Numbers are decimal. */
interface StoredTick {
  readonly number: string;
  readonly snapshot: string;
  readonly since: string | null;
  readonly until_id: string | null;
  /** Null where the tick is whole. */
  readonly passed_id: string | null;
  readonly size: string;
  readonly system_identifier: string;
}

/** Which rows a tick takes, and how it is stored. */
export interface TickPlan {
  readonly kind: TickKind;
  readonly number: string;
  readonly snapshot: string;
  readonly since: string | null;
  readonly untilId: string | null;
  /** Only rows of revisions that end behind this row; null for all. */
  readonly passedId: string | null;
  /** Number of positions that are given out already. */
  readonly size: string;
}

/** The state that the sequencer finds when it looks. */
export interface TrailState {
  /** The snapshot of the transaction that looks. */
  readonly now: string;
  /** Of the server. */
  readonly system: string;
  /** The number behind the last position, decimal: where somebody has taken the ticks away, positions are still not given twice. */
  readonly given: string;
  /** Null before the first one. */
  readonly newest: StoredTick | null;
}

/** The same as PostgreSQL answers it, with the process that does. */
export type StateRow = Pick<TrailState, 'now' | 'system' | 'given'> & { readonly pid: number } & {
  readonly [Column in keyof StoredTick]: StoredTick[Column] | null;
};

export function toState({ now, system, given, ...tick }: StateRow): TrailState {
  return { now, system, given, newest: isTick(tick) ? tick : null };
}

function isTick(tick: Omit<StateRow, 'now' | 'system' | 'given'>): tick is StoredTick & StateRow {
  return tick.number !== null;
}

/** Says where positions stand behind those that ticks have given out, so that the next ones would meet them; null where none do. */
export function strayPositions({ given, newest }: TrailState): string | null {
  return newest !== null && BigInt(given) > BigInt(newest.size)
    ? `audit_position goes up to ${BigInt(given) - 1n}, and the ticks have given out ${newest.size} positions`
    : null;
}

/**
 * The tick that comes next: the rest of one that was too large; or all that has been committed since; or, at first and on another
 * server, all that has no position.
 */
export function nextTick({ now, system, given, newest }: TrailState): TickPlan {
  const number = newest ? (BigInt(newest.number) + 1n).toString() : '1';
  const size = newest?.size ?? given;
  if (newest === null || newest.system_identifier !== system) {
    return { kind: 'beginning', number, snapshot: now, since: null, untilId: null, passedId: null, size };
  }
  if (newest.passed_id !== null) {
    const { snapshot, since, until_id: untilId, passed_id: passedId } = newest;
    return { kind: since === null ? 'beginning' : 'next', number, snapshot, since, untilId, passedId, size };
  }
  return { kind: 'next', number, snapshot: now, since: newest.snapshot, untilId: null, passedId: null, size };
}
