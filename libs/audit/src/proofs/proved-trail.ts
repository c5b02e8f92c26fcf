import type { RunQuery } from '../evidence/database/database-log.js';
import type { TableNames } from '../store/tables/table-names.js';

/** Where one of several trails is. */
export interface TrailPlace {
  /**
   * The `contextName` of a MikroORM instance.
   * @default the one whose EntityManager runs, or the only one
   */
  readonly instance?: string;
}

/** The trail of one MikroORM instance, to be read. */
export interface ProvedTrail {
  /** Its `contextName`. */
  readonly instance: string;
  readonly tables: TableNames;
  /** Reads from a replica where the option `readFrom` says so. */
  readonly run: RunQuery;
}

/** The trails of the application. */
export abstract class ProvedTrails {
  /** @throws InvalidQueryError when it is not known which is meant */
  abstract trail(place: TrailPlace): ProvedTrail;
}
