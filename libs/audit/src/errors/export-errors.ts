import { AuditError } from './audit-error.js';

/** A file that was to be read back is no whole export. */
export class AuditExportError extends AuditError {
  constructor(problem: string) {
    super({
      code: 'AUDIT_EXPORT_BROKEN',
      message: `The export ${problem}.`,
      remedy: 'Export again, and keep the file as it comes.',
    });
  }
}
