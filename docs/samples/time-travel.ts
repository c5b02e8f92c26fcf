import { type AuditReader, gapsOf, HistoryUnavailableError } from 'nestjs-mikro-audit';
import { Book } from './quick-start.js';

// #region as-of
export async function stockAt(audit: AuditReader, bookId: number, instant: Date): Promise<string> {
  try {
    const book = await audit.asOf(Book, bookId, instant);
    return book === null ? 'there was no such book' : `${book.title}: ${book.stock}`;
  } catch (error) {
    if (error instanceof HistoryUnavailableError) {
      return 'nothing is recorded of it';
    }
    throw error;
  }
}
// #endregion

// #region gaps
export async function doubtsAbout(audit: AuditReader, bookId: number, instant: Date): Promise<string[]> {
  const book = await audit.asOf(Book, bookId, instant);
  return gapsOf(book ?? {}).map(({ path, kind, since }) => {
    return `${path} is ${kind} since ${since?.recordedAt.toISOString() ?? 'before the trail'}`;
  });
}
// #endregion

// #region where
/** The books that were sold out then, a page of them. */
export async function soldOutAt(audit: AuditReader, instant: Date): Promise<unknown[]> {
  const { items } = await audit.findAsOf(Book, { stock: 0 }, instant, { limit: 100 });
  return items.map(({ title }) => title);
}
// #endregion

// #region diff
/** Compares two times, given in either order. */
export async function whatChanged(
  audit: AuditReader,
  bookId: number,
  from: Date,
  to: Date,
): Promise<string[]> {
  const fields = await audit.diff(Book, bookId, { from, to });
  return fields.map(({ path, before, after }) => `${path}: ${before} -> ${after}`);
}
// #endregion

// #region blame
export async function whoSet(audit: AuditReader, bookId: number): Promise<string[]> {
  const blame = (await audit.blame(Book, bookId)) ?? [];
  return blame.map(({ path, value, revision }) => `${path} = ${value}: ${revision?.reason ?? 'no reason'}`);
}
// #endregion
