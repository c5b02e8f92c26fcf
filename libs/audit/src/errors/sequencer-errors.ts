import { AuditError } from './audit-error.js';

/** The order of the commits was asked for, and nothing in this trail has a position yet. */
export class SequencerMissingError extends AuditError {
  /** @param instance name of the MikroORM instance */
  constructor(instance: string) {
    super({
      code: 'AUDIT_SEQUENCER_MISSING',
      message: `No sequencer has ever run for the trail of the MikroORM instance "${instance}", so nothing says in which order its changes were committed.`,
      remedy: 'Remove sequencer: false from the options of AuditModule, or run mikro-audit sequence.',
      data: { instance },
    });
  }
}

/** Positions cannot be given out where or as it was tried. Nothing has been written by it. */
export class SequencerError extends AuditError {
  constructor(problem: string, remedy: string, cause?: unknown) {
    super({
      code: 'AUDIT_SEQUENCER_FAILED',
      message: `The sequencer cannot give positions: ${problem}.`,
      remedy,
      cause,
    });
  }
}
