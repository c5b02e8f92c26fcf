import type { JsonObject } from '../../model/json.js';
import type { CheckFindingKind } from '../check/check-finding.js';
import type { CheckReport } from '../check/check-options.js';

/** Of this form; a later one has another number. */
const FORM = 1;

/** The rows looked at, and the findings, in one go through everything. Times are ISO texts. */
export interface RoundState {
  readonly startedAt: string;
  /** Null while it goes on. */
  readonly endedAt: string | null;
  readonly entities: number;
  readonly changes: number;
  readonly rows: number;
  readonly counts: Readonly<Record<CheckFindingKind, number>>;
  /** The same by name in the trail; only those with findings. */
  readonly entityTypes: Readonly<Record<string, number>>;
}

/** Where the scheduled check of a trail stands. It is kept in that trail, so that any process goes on with it. */
export interface CheckState {
  readonly form: typeof FORM;
  /** When the turn began that has written it. */
  readonly beganAt: string;
  /** Null while that turn goes on, or when it was killed. */
  readonly endedAt: string | null;
  /** The error of that turn; null when none. */
  readonly failure: string | null;
  /** All that was written to the trail before this position was looked at; null before the first turn. */
  readonly since: string | null;
  /** Where the trail ended when a look at what is new began, and how far that has come; null when it is done. */
  readonly news: { readonly position: string; readonly resume: string | null } | null;
  /** How far the round has come; null at its beginning. */
  readonly resume: string | null;
  readonly round: RoundState;
  /** Null before the first round has ended. */
  readonly lastRound: RoundState | null;
}

export function newRound(startedAt: string): RoundState {
  const counts = { 'not-recorded': 0, gone: 0, differs: 0, contradiction: 0 };
  return { startedAt, endedAt: null, entities: 0, changes: 0, rows: 0, counts, entityTypes: {} };
}

export function firstState(now: string): CheckState {
  return {
    form: FORM,
    beganAt: now,
    endedAt: null,
    failure: null,
    since: null,
    news: null,
    resume: null,
    round: newRound(now),
    lastRound: null,
  };
}

/** The round with what a run has looked at; its findings are counted one by one, as they come. */
export function withReport(round: RoundState, { entities, changes, rows }: CheckReport): RoundState {
  return {
    ...round,
    entities: round.entities + entities,
    changes: round.changes + changes,
    rows: round.rows + rows,
  };
}

export function findingsIn(round: RoundState | null): number {
  return Object.values(round?.counts ?? {}).reduce((sum, count) => sum + count, 0);
}

/** As the metadata of a revision. */
export function toMetadata(state: CheckState): JsonObject {
  return { check: JSON.parse(JSON.stringify(state)) };
}

/** Null for what is none, or of another form. */
export function fromMetadata(metadata: JsonObject | null): CheckState | null {
  const state = metadata?.check;
  return isState(state) ? state : null;
}

function isState(value: unknown): value is CheckState {
  return typeof value === 'object' && value !== null && 'form' in value && value.form === FORM;
}
