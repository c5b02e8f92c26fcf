import type { MikroORM } from '@mikro-orm/core';
import type { AbstractSqlConnection } from '@mikro-orm/postgresql';
import { AuditConfigurationError } from '../../errors/configuration-error.js';
import { statementNote } from '../../serialize/text/statement-note.js';

/**
 * Proves that comments of statements reach the database, through whatever is in between. Whether the app starts while its database
 * does not answer is for MikroORM to decide.
 * @throws AuditConfigurationError where they do not: triggers would record every flush a second time, and as nobody's
 */
export async function assertNotesArrive(orm: MikroORM): Promise<void> {
  const connection = orm.em.getConnection('write') as AbstractSqlConnection;
  const note = statementNote({ context: { action: 'self-test' } });
  const arrived = await connection
    .execute<{ query: string }[]>(`${note}select current_query() as query`)
    .then(
      ([row]) => row?.query.startsWith(note) === true,
      // Without an answer there is no proof, and nothing can be written either.
      () => true,
    );
  if (!arrived) {
    throw new AuditConfigurationError(
      `Comments of statements do not reach the database of the MikroORM configuration "${orm.config.get('contextName')}": the triggers of auditTriggers() could not tell flushes from other writes.`,
      'Have the proxy in between leave comments where they are, or connect without it.',
    );
  }
}
