// #region script
import { auditPrivileges } from 'nestjs-mikro-audit';

/** For whoever looks after the database: to be read, and run after the migration that makes the tables. */
export const privileges = auditPrivileges({
  owner: 'books_audit',
  writer: 'books_app',
  reader: 'books_auditor',
});
// #endregion script
