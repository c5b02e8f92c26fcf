import { describe, expect, it } from '@jest/globals';
import { AuditContext } from '../../context/audit-context.js';
import { InvalidQueryError } from '../../errors/query-errors.js';
import { PageCursors } from './page-cursors.js';

const context = new AuditContext();
const [OLD, NEW] = ['o'.repeat(32), 'n'.repeat(32)];
const cursorsWith = (...restoreKeys: string[]) => new PageCursors({ restoreKeys }, context);
const as = <Result>(id: string, fn: () => Promise<Result>) =>
  context.run({ actor: { type: 'user', id, label: null } }, fn);
const sealed = async (cursors: PageCursors, cursor: string) =>
  (await cursors.page({}, async () => ({ items: [], nextCursor: cursor }))).nextCursor ?? '';
const opened = async (cursors: PageCursors, cursor: string) => {
  let inside: string | null | undefined;
  await cursors.page({ cursor }, async (options) => {
    inside = options.cursor;
    return { items: [], nextCursor: null };
  });
  return inside;
};

describe('a cursor of a page', () => {
  it('is opened for the reader who got it, and for nobody else', async () => {
    const cursors = cursorsWith(NEW);
    const cursor = await as('anna', () => sealed(cursors, 'qabc'));
    expect(await as('anna', () => opened(cursors, cursor))).toBe('qabc');
    await expect(as('ben', () => opened(cursors, cursor))).rejects.toThrow(InvalidQueryError);
    await expect(opened(cursors, cursor)).rejects.toThrow(InvalidQueryError);
    expect(await opened(cursors, await sealed(cursors, 'qabc'))).toBe('qabc');
  });

  it('tells nothing, not even how long an id is', async () => {
    const cursors = cursorsWith(NEW);
    const [one, again, longer] = [
      await sealed(cursors, 'q1'),
      await sealed(cursors, 'q1'),
      await sealed(cursors, `q${'7'.repeat(60)}`),
    ];
    expect(one).not.toBe(again);
    expect(longer).toHaveLength(one.length);
  });

  it('is taken by processes that have its key, also when another one encrypts by now', async () => {
    const cursor = await sealed(cursorsWith(OLD), 'q1');
    expect(await opened(cursorsWith(NEW, OLD), cursor)).toBe('q1');
    await expect(opened(cursorsWith(NEW), cursor)).rejects.toThrow(/another key.*restoreKeys/);
  });

  it('is refused with any character changed, added or taken away', async () => {
    const cursors = cursorsWith(NEW);
    const cursor = await sealed(cursors, 'q1');
    const changed = [...cursor].map(
      (one, at) => cursor.slice(0, at) + (one === 'A' ? 'B' : 'A') + cursor.slice(at + 1),
    );
    for (const text of [
      ...changed,
      '',
      'q1',
      cursor.slice(1),
      cursor.slice(0, -1),
      `${cursor}=`,
      `${cursor}A`,
    ]) {
      await expect(opened(cursors, text)).rejects.toThrow(InvalidQueryError);
    }
  });

  it('may be left out', async () => {
    expect(
      await cursorsWith(NEW).page({ limit: 3 }, async ({ limit }) => ({ items: [limit], nextCursor: null })),
    ).toEqual({
      items: [3],
      nextCursor: null,
    });
  });
});
