import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  EvidenceChangedError,
  EvidenceNotCoveredError,
  EvidenceOffError,
} from '../errors/evidence-errors.js';
import { InvalidQueryError } from '../errors/query-errors.js';
import { exportEvidence } from '../evidence/bundle/evidence-export.js';
import { proveRecord, type RecordProof } from '../evidence/bundle/record-proof.js';
import { DatabaseLog } from '../evidence/database/database-log.js';
import { isRowId } from '../model/row-id.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../options/audit-options.js';
import { type ChangeSeal, NO_SEAL } from './change-seal.js';
import { coveredPositions, type UncoveredRows } from './covered-positions.js';
import { type ProvedTrail, ProvedTrails, type TrailPlace } from './proved-trail.js';
import { coveringNoteSql, newestNoteSql, type SealRow, sealsSql } from './seal-sql.js';

/** How an export of evidence describes itself. */
export interface EvidenceExportOptions extends TrailPlace {
  /** The question that it answers, as plain JSON, for whoever reads the export. */
  readonly query?: unknown;
  /**
   * How changes are met that the newest checkpoint does not cover: `refuse` throws `EvidenceNotCoveredError`; `leave-out` gives what
   * is covered, and the last line says how many it left out.
   * @default 'refuse'
   */
  readonly notCovered?: UncoveredRows;
}

const logger = new Logger('AuditEvidence');

/** Tells how changes are sealed, and proves them to others, where the option `evidence` seals the trail. */
@Injectable()
export class AuditEvidence {
  constructor(
    @Inject(ProvedTrails) private readonly trails: ProvedTrails,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
  ) {}

  /** Whether the trail is sealed at all; if not, everything else here fails. */
  get isOn(): boolean {
    return this.options.evidence !== null;
  }

  /**
   * How changes stand in the log, with one statement for any number of them. A revision without changes has a row as well, whose id is its own.
   * @param changeIds `Change.id`
   * @returns one for each of the ids, by the id
   * @throws EvidenceOffError when the trail is not sealed
   * @throws InvalidQueryError for what is no id, and where one of several MikroORM instances has to be named
   */
  async seals(
    changeIds: readonly string[],
    place: TrailPlace = {},
  ): Promise<ReadonlyMap<string, ChangeSeal>> {
    const rows = await sealRows(this.trail(place), changeIds);
    const seals = new Map(rows.map((row) => [row.id, sealOf(row)]));
    return new Map(changeIds.map((id) => [id, seals.get(BigInt(id).toString()) ?? NO_SEAL]));
  }

  /**
   * The newest published checkpoint, a signed note, as the database has it: those who verify take theirs from where it was published.
   * @returns null before the first one
   * @throws EvidenceOffError when the trail is not sealed
   * @throws InvalidQueryError where one of several MikroORM instances has to be named
   */
  async newestCheckpoint(place: TrailPlace = {}): Promise<string | null> {
    const { tables, run } = this.trail(place);
    return noteIn(await run<NoteRow>(newestNoteSql(tables), []));
  }

  /**
   * Proves one change by the first checkpoint that covers it. Its `record` has all values of the row, whoever asks.
   * @returns null when there is no such change
   * @throws EvidenceNotCoveredError when no checkpoint covers it yet
   * @throws EvidenceChangedError when it is not what was sealed
   * @throws EvidenceMissingError when hashes of the log are gone
   * @throws EvidenceOffError, InvalidQueryError as `seals` does
   */
  async prove(changeId: string, place: TrailPlace = {}): Promise<RecordProof | null> {
    const trail = this.trail(place);
    const [row] = await sealRows(trail, [changeId]);
    if (!row || (!row.is_there && row.position === null)) {
      return null;
    }
    const { position, checkpoint } = sealOf(row);
    if (position === null || checkpoint === null) {
      throw new EvidenceNotCoveredError(changeId, position);
    }
    const note = noteIn(await trail.run<NoteRow>(coveringNoteSql(trail.tables), [position]));
    if (note === null) {
      throw new EvidenceNotCoveredError(changeId, position);
    }
    try {
      const proved = await proveRecord(new DatabaseLog(trail.tables, trail.run), position, note);
      // Its position is there, so the row was.
      if (proved === null) {
        throw new EvidenceChangedError(position, changeId);
      }
      return proved;
    } catch (error) {
      if (error instanceof EvidenceChangedError) {
        logger.error(error.message);
      }
      throw error;
    }
  }

  /**
   * Changes as NDJSON with everything that proves them, see `exportEvidence`, by the newest checkpoint.
   * @param changes `Change.id` of each, in any order, such as `AuditReader.allIds(query)` gives; `all` for the whole log up to the checkpoint
   * @returns lines with their line breaks
   * @throws EvidenceNotCoveredError when there is no checkpoint, and for a change that it does not cover, or that is not there, unless
   *   `notCovered` says otherwise
   * @throws EvidenceOffError, InvalidQueryError as `seals` does
   */
  async *export(
    changes: readonly string[] | AsyncIterable<string> | 'all',
    { query, notCovered = 'refuse', ...place }: EvidenceExportOptions = {},
  ): AsyncIterable<string> {
    const trail = this.trail(place);
    const checkpoint = noteIn(await trail.run<NoteRow>(newestNoteSql(trail.tables), []));
    if (checkpoint === null) {
      throw new EvidenceNotCoveredError(null, null);
    }
    const log = new DatabaseLog(trail.tables, trail.run);
    if (changes === 'all') {
      yield* exportEvidence({ log, checkpoint, rows: 'all', query });
      return;
    }
    const look = (ids: readonly string[]) => sealRows(trail, ids);
    const covered = await coveredPositions(changes, checkpoint, look, notCovered);
    const rows = log.positionsAt(covered.positions);
    yield* exportEvidence({ log, checkpoint, rows, query, notCovered: covered.notCovered });
  }

  private trail(place: TrailPlace): ProvedTrail {
    const trail = this.trails.trail(place);
    if (!this.isOn) {
      throw new EvidenceOffError(trail.instance);
    }
    return trail;
  }
}

interface NoteRow {
  readonly note: string;
}

function noteIn([row]: readonly NoteRow[]): string | null {
  return row?.note ?? null;
}

async function sealRows({ tables, run }: ProvedTrail, ids: readonly string[]): Promise<readonly SealRow[]> {
  if (!ids.every(isRowId)) {
    throw new InvalidQueryError('changeId', 'is no id of a change', 'Give the decimal number of a change.');
  }
  return ids.length === 0 ? [] : run<SealRow>(sealsSql(tables), [[...new Set(ids)]]);
}

function sealOf({ position, is_sealed, size, published_at }: SealRow): ChangeSeal {
  return {
    position: position === null ? null : Number(position),
    sealed: is_sealed,
    checkpoint:
      size === null || published_at === null
        ? null
        : { size: Number(size), publishedAt: new Date(published_at) },
  };
}
