import { AuditError } from './audit-error.js';

/** A checkpoint, key, proof or export is not what its format says. It proves nothing. */
export class EvidenceFormatError extends AuditError {
  /** @param subject what it was to be, such as `checkpoint` */
  constructor(subject: string, problem: string, cause?: unknown) {
    super({
      code: 'AUDIT_EVIDENCE_FORMAT',
      message: `This is no ${subject}: ${problem}.`,
      remedy: 'Take the file as it was published, unchanged; what was edited or cut off proves nothing.',
      data: { subject, problem },
      cause,
    });
  }
}

/** No key that is trusted has signed, or one that is trusted has signed something else, or its signer gives no signature. */
export class EvidenceSignatureError extends AuditError {
  /** @param reason why there is no signature at all */
  constructor(problem: string, reason?: { readonly cause: unknown; readonly remedy: string }) {
    super({
      code: 'AUDIT_EVIDENCE_SIGNATURE',
      message: `The signature is not accepted: ${problem}.`,
      remedy:
        reason?.remedy ??
        'Compare the origin and the keys that you trust with those that the owner of the log has published; if they are the right ones, somebody else has signed.',
      data: { problem },
      cause: reason?.cause,
    });
  }
}

/** Hashes of the log that the database should have are missing. */
export class EvidenceMissingError extends AuditError {
  /** @param level 0 for hashes of rows, above that of subtrees of 256 to the power of the level */
  constructor(level: number, index: number) {
    super({
      code: 'AUDIT_EVIDENCE_MISSING',
      message: `The hash ${index} of level ${level} of the log is missing from the database.`,
      remedy:
        'Run mikro-audit verify: something was deleted from the log, or a backup brought back an older state.',
      data: { level, index },
    });
  }
}

/** A row was edited or replaced after it was sealed, or its salts are gone: nothing of it can be proved. */
export class EvidenceChangedError extends AuditError {
  /** @param changeId null where nothing says which change it was */
  constructor(position: number, changeId: string | null) {
    super({
      code: 'AUDIT_EVIDENCE_CHANGED',
      message: `The row of position ${position}${changeId === null ? '' : ` (change ${changeId})`} is not what was sealed, so it cannot be proved.`,
      remedy: 'Keep the database as it is, and run mikro-audit verify to see what else was changed.',
      data: { position, changeId },
    });
  }
}

/** A trail is not sealed, and something was asked that only a sealed one can answer. */
export class EvidenceOffError extends AuditError {
  /** @param instance name of the MikroORM instance */
  constructor(instance: string) {
    super({
      code: 'AUDIT_EVIDENCE_OFF',
      message: `The trail of the MikroORM instance "${instance}" is not sealed: AuditModule has no option evidence.`,
      remedy: 'Give AuditModule.forRoot({ evidence }) the log, its signers and its publishers.',
      data: { instance },
    });
  }
}

/** A change is so new that no checkpoint covers it, or nobody signs. */
export class EvidenceNotCoveredError extends AuditError {
  /**
   * @param changeId null where nothing at all is covered
   * @param position null where it is not sealed yet, or there is no such change
   */
  constructor(changeId: string | null, position: number | null) {
    const change = changeId === null ? 'any change' : `change ${changeId}`;
    super({
      code: 'AUDIT_EVIDENCE_NOT_COVERED',
      message: `No published checkpoint covers ${change} yet${position === null ? '' : `, which has position ${position}`}.`,
      remedy:
        'Ask again after the next checkpoint. AuditSequencer.health() says how far the log is, and when it has signed last.',
      data: { changeId, position },
    });
  }
}

/** The log refuses to sign: what it is given does not extend what it has signed before. */
export class EvidenceRefusedError extends AuditError {
  constructor(problem: string, sizes: { readonly signed: number; readonly given: number }) {
    super({
      code: 'AUDIT_EVIDENCE_REFUSED',
      message: `The log does not sign a checkpoint of ${sizes.given} positions: ${problem}.`,
      remedy:
        'Run mikro-audit verify with the last published checkpoint. Sign again only when it is known what has changed the log: a restored backup begins a log of another origin.',
      data: { signed: sizes.signed, given: sizes.given },
    });
  }
}

/** A checkpoint cannot be published, or a place does not say what was published there. */
export class EvidencePublishError extends AuditError {
  constructor(place: string, problem: string, cause?: unknown) {
    super({
      code: 'AUDIT_EVIDENCE_PUBLISH',
      message: `No checkpoint can be published to ${place}: ${problem}.`,
      remedy: 'Repair the place; the log signs again by itself. Until then it covers no new changes.',
      data: { place, problem },
      cause,
    });
  }
}
