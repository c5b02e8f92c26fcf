import { describe, expect, it } from '@jest/globals';
import { linkTarget, readProjectFile } from './markdown.js';

const PAGE = 'docs/04-considerations/scenarios.md';
/** Number, scenario, test. */
const rows = readProjectFile(PAGE)
  .split('\n')
  .flatMap((line) => {
    const cells = /^\| (\d+) \| (.+?) \| (.+) \|$/.exec(line);
    return cells ? [cells.slice(1)] : [];
  });

/** Numbers of the list of cases that concern capture and restoring. */
const EXPECTED = [...Array.from({ length: 110 }, (_, index) => index + 1), 116, 117];

describe(PAGE, () => {
  it('has every case that concerns capture and restoring', () => {
    expect(rows.map(([number]) => Number(number))).toEqual(EXPECTED);
  });

  it('names only tests that exist', () => {
    const references = rows.flatMap(([number = '', , cell = '']) =>
      cell.split('<br>').flatMap((part) => {
        const [, link = '', name = ''] = /^\[.+?\]\((.+?)\) › (.+)$/.exec(part) ?? [];
        return link === '' ? [] : [{ number, file: linkTarget(PAGE, link).path, name }];
      }),
    );
    expect(references.length).toBeGreaterThan(100);
    const missing = references.filter(({ file, name }) => !namesIn(file).has(name));
    expect(missing).toEqual([]);
  });
});

/** Every text literal of a file; titles of tests and names of cases are among them. */
function namesIn(file: string): ReadonlySet<string> {
  const literals = readProjectFile(file).matchAll(/(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g);
  return new Set([...literals].map(([, , text = '']) => text));
}
