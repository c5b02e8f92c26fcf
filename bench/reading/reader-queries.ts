import type { AuditReader, Page } from 'nestjs-mikro-audit';
import {
  isAuditStatement,
  type SentStatement,
  type SentStatements,
} from '../../test/integration/performance/sent-statements.js';
import { Order } from './trail-model.js';

export interface NamedStatement {
  readonly name: string;
  readonly statement: SentStatement;
}

/** The request. */
export interface Subjects {
  /** An entity with very many changes, and one with few. */
  readonly hot: string;
  readonly cold: string;
  readonly revision: string;
  readonly actor: string;
}

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const LARGEST_PAGE = 500;
const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

/** Asks the library and returns the statements that it sent for it, so that what is measured cannot drift from it. */
export async function readerQueries(
  reader: AuditReader,
  sent: SentStatements,
  { hot, cold, revision, actor }: Subjects,
): Promise<readonly NamedStatement[]> {
  const found: NamedStatement[] = [];
  const ask = async (name: string, question: () => Promise<unknown>): Promise<void> => {
    sent.take();
    await question();
    const statements = sent.take().filter(isAuditStatement);
    const places = statements.map((_, index) => (statements.length > 1 ? `, statement ${index + 1}` : ''));
    found.push(...statements.map((statement, index) => ({ name: name + places[index], statement })));
  };
  const history = (id: string, options: object = {}) => reader.history(Order, id, options);
  const byActor = (options: object = {}) =>
    reader.changes({ actor: { type: 'user', id: actor }, ...options });
  const yearAgo = new Date(Date.now() - YEAR);
  const hour = { from: yearAgo, until: new Date(yearAgo.getTime() + HOUR) };

  await ask('history, few changes', () => history(cold));
  await ask('history, very many, newest page', () => history(hot));
  const back = await farBack((options) => history(hot, options));
  await ask('history, very many, far back', () => history(hot, { cursor: back }));
  await ask('history, very many, newest page, with details', () => history(hot, { details: true }));
  await ask('history, no such entity', () => history(UNKNOWN));
  await ask('a revision', () => reader.revision(revision));
  await ask('changes by actor, newest page', () => byActor());
  const actorBack = await farBack(byActor);
  await ask('changes by actor, far back', () => byActor({ cursor: actorBack }));
  await ask('changes of an hour', () => reader.changes(hour));
  await ask('changes until a year ago', () => reader.changes({ until: yearAgo }));
  await ask('revisions by actor', () => reader.revisions({ actor: { type: 'user', id: actor } }));
  await ask('as of a year ago, few changes', () => reader.asOf(Order, cold, yearAgo));
  await ask('as of a year ago, very many', () => reader.asOf(Order, hot, yearAgo));
  await ask('as of a year ago, no such entity', () => reader.asOf(Order, UNKNOWN, yearAgo));
  await ask('blame, few changes', () => reader.blame(Order, cold));
  return found;
}

/** The cursor after three quarters of all pages. */
async function farBack(
  page: (options: { readonly limit: number; readonly cursor: string | null }) => Promise<Page<unknown>>,
): Promise<string | null> {
  const cursors: string[] = [];
  let cursor: string | null = null;
  do {
    ({ nextCursor: cursor } = await page({ limit: LARGEST_PAGE, cursor }));
    if (cursor !== null) {
      cursors.push(cursor);
    }
  } while (cursor !== null);
  return cursors[Math.floor(cursors.length * 0.75)] ?? null;
}
