import { InvalidCoverageError } from '../../errors/coverage-errors.js';

/** How far a check has come, as a text that another run takes. */
export class CheckPosition {
  constructor(
    private readonly entityType: string,
    private readonly part: string,
    /** The last entity id that was looked at; null when the part is done, or has not begun. */
    readonly after: string | null,
  ) {}

  /** @throws InvalidCoverageError for an invalid text */
  static parse(text: string): CheckPosition {
    let parts: unknown;
    try {
      parts = JSON.parse(text);
    } catch {
      parts = null;
    }
    const [entityType, part, after] = Array.isArray(parts) ? parts : [];
    if (
      typeof entityType !== 'string' ||
      typeof part !== 'string' ||
      !(after === null || typeof after === 'string')
    ) {
      throw new InvalidCoverageError(
        'AuditCheck.run',
        'resume',
        'is not one that a check has given',
        'Leave it out.',
      );
    }
    return new CheckPosition(entityType, part, after);
  }

  isAt(entityType: string, part: string): boolean {
    return this.entityType === entityType && this.part === part;
  }

  toString(): string {
    return JSON.stringify([this.entityType, this.part, this.after]);
  }
}
