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

  it('are each explained on the page of the API, with an example, or a link to those that use a type', () => {
    const entries = entriesOf(readProjectFile('docs/05-api.md'));
    const missing = Object.values(PUBLIC_NAMES)
      .flat()
      .filter((name) => !/^(?:Examples of|Used by|Explained under) /m.test(entries.get(name) ?? ''));
    expect(missing).toEqual([]);
    const unused = [...entries].filter(([name, text]) => isUnexplained(name, text));
    expect(unused.map(([name]) => name)).toEqual([]);
  });

  it('have an example of every option', () => {
    const missing: string[] = [];
    let count = 0;
    for (const [name, text] of entriesOf(readProjectFile('docs/05-api.md'))) {
      const [, members = ''] = text.match(/^(?:export )?interface [^{]*\{\n([\s\S]*?)^\}/m) ?? [];
      for (const [, option] of IS_OPTIONS.test(name) ? members.matchAll(/^ {2}readonly (\w+)\??:/gm) : []) {
        count += 1;
        missing.push(...(text.includes(`\n- \`${option}\`: `) ? [] : [`${name}.${option}`]));
      }
    }
    expect(missing).toEqual([]);
    expect(count).toBeGreaterThan(150);
  });
});

/** Interfaces that users fill. */
const IS_OPTIONS =
  /(?:Options|Query|Limits|Conditions|Access|Request|Scope|Place)$|^(?:ContextValues|TrustedKey|LogTrust|AuditExpectation|RecordedAction)$/;

/** The parts of the page by the names that they explain. */
function entriesOf(page: string): ReadonlyMap<string, string> {
  const parts = page.split('\n### ').slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part]));
}

/** Functions, decorators and classes are shown in use; errors are explained with their remedy. */
function isUnexplained(name: string, text: string): boolean {
  const isUsed = /^(?:function|const|class|abstract class) (?!\w+Error\b)/m.test(text);
  return isUsed && !text.includes(`\nExamples of \`${name}\`:`);
}
