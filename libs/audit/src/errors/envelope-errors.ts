import { AuditError } from './audit-error.js';

/** `AuditContext.runWithEnvelope()` or `runWithEnvelopeOnce()` does not believe the envelope it was given. One class per reason. */
export abstract class EnvelopeRefusedError extends AuditError {}

/** It is no envelope, or it was not signed with one of our keys, or it was changed since. */
export class EnvelopeForgedError extends EnvelopeRefusedError {
  constructor() {
    super({
      code: 'AUDIT_ENVELOPE_FORGED',
      message:
        'The audit envelope was not signed with one of the keys of this application, or was changed since.',
      remedy:
        'Find out where the message came from; if a key was exchanged, keep the old one in AuditModule.forRoot({ envelope: { keys } }), after the new one.',
    });
  }
}

/** It was signed too long ago. */
export class EnvelopeExpiredError extends EnvelopeRefusedError {
  /** @param expiredAt when it did */
  constructor(expiredAt: Date) {
    super({
      code: 'AUDIT_ENVELOPE_EXPIRED',
      message: `The audit envelope has expired at ${expiredAt.toISOString()}.`,
      remedy:
        'Handle messages sooner, or give AuditModule.forRoot({ envelope: { ttl } }) of the sender more seconds; to handle this one, use AuditContext.run() and say who it is.',
      data: { expiredAt: expiredAt.toISOString() },
    });
  }
}

/** It is longer than any envelope that `AuditContext.toEnvelope()` makes. */
export class EnvelopeOversizedError extends EnvelopeRefusedError {
  constructor(length: number, maxLength: number) {
    super({
      code: 'AUDIT_ENVELOPE_OVERSIZED',
      message: `The audit envelope has ${length} characters, more than ${maxLength}.`,
      remedy: 'Find out where the message came from: AuditContext.toEnvelope() makes none that is so long.',
      data: { length, maxLength },
    });
  }
}

/** It was made by a version of this library that this one does not know. */
export class EnvelopeVersionError extends EnvelopeRefusedError {
  /** @param version what it says, cut */
  constructor(version: string) {
    super({
      code: 'AUDIT_ENVELOPE_VERSION',
      message: `The audit envelope has the version "${version}", which this version of nestjs-mikro-audit does not know.`,
      remedy: 'Update the receiving application first, then the sending one.',
      data: { version },
    });
  }
}

/** `AuditContext.runWithEnvelopeOnce()` was given an envelope whose work was done, or has begun and not failed. */
export class EnvelopeUsedError extends EnvelopeRefusedError {
  constructor() {
    super({
      code: 'AUDIT_ENVELOPE_USED',
      message: 'The audit envelope has been used, and can be used once only.',
      remedy:
        'Do not handle the message again; if its work was cut off, use AuditContext.run() and say who does it anew.',
    });
  }
}
