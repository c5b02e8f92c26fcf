// #region imports
import { defineEntity, p } from '@mikro-orm/core';
import { AuditReader, auditPolicy, type Change, type Page } from 'nestjs-mikro-audit';
import { Book } from './quick-start.js';

// #endregion

// #region define-entity
const AuthorSchema = defineEntity({
  name: 'Author',
  properties: { id: p.integer().primary(), name: p.string(), notes: p.text().nullable() },
});
export class Author extends AuthorSchema.class {}
AuthorSchema.setClass(Author);

/** For `AuditModule.forRoot({ policies: [authorPolicy] })`. */
export const authorPolicy = auditPolicy(Author, { name: 'author', ignore: ['notes'] });
// #endregion

// #region history
/** One line per change, newest first, over all pages. */
export async function tell(audit: AuditReader, bookId: number): Promise<string[]> {
  const lines: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Change<Book>> = await audit.history(Book, bookId, { limit: 100, cursor });
    lines.push(...page.items.map(line));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return lines;
}

function line({ operation, fields, revision }: Change<Book>): string {
  const who = revision.actor.label ?? revision.actor.id ?? revision.actor.type;
  const what = fields.map(({ path, before, after }) => `${path}: ${before} -> ${after}`);
  return `${who}: ${operation} ${what.join(', ')}`;
}
// #endregion

// #region revision
/** The names and ids of everything that happened together with the newest change of a book. */
export async function togetherWith(audit: AuditReader, bookId: number): Promise<string[]> {
  const [newest] = (await audit.history(Book, bookId, { limit: 1 })).items;
  const revision = newest && (await audit.revision(newest.revision.id));
  return revision?.changes.map(({ entityType, entityId }) => `${entityType} ${entityId}`) ?? [];
}
// #endregion
