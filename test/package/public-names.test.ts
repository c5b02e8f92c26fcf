import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { readProjectFile } from '../docs/markdown.js';
import { PUBLIC_NAMES } from './public-names.js';

/** The names that an index exports, in the order of the alphabet. */
function namesOf(index: string): readonly string[] {
  const source = ts.createSourceFile(index, readProjectFile(index), ts.ScriptTarget.Latest);
  const names = source.statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [],
  );
  return names.sort();
}

describe('the public names', () => {
  it.each([
    ['nestjs-mikro-audit', 'libs/audit/src/index.ts'],
    ['nestjs-mikro-audit/http', 'libs/audit/src/http/index.ts'],
    ['nestjs-mikro-audit/testing', 'libs/audit/src/testing/index.ts'],
  ] as const)('of %s are these, so that another one is a decision', (path, index) => {
    expect(namesOf(index)).toEqual(PUBLIC_NAMES[path]);
  });

  it('of the main path and of the test kit are each explained on the page of the API', () => {
    const page = readProjectFile('docs/05-api.md');
    const names = [...PUBLIC_NAMES['nestjs-mikro-audit'], ...PUBLIC_NAMES['nestjs-mikro-audit/testing']];
    const missing = names.filter((name) => !page.includes(`\n### ${name}\n`));
    expect(missing).toEqual([]);
  });
});
