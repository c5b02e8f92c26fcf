import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { COMBINATIONS } from '../matrix/combinations.js';
import { PROJECT } from '../support/project-paths.js';

test('README names the combinations that the matrix runs', async () => {
  const readme = await readFile(join(PROJECT, 'README.md'), 'utf8');
  const [, section = ''] = readme.split('## Versions\n');
  const [table = ''] = section.split('\n## ');
  const rows = table.split('\n').filter((line) => /^\| \d/.test(line));
  expect(rows).toEqual(
    COMBINATIONS.map(
      ({ nest, mikroOrm, http, node, modules, tool, entity }) =>
        `| ${[nest, mikroOrm, http, node, modules, tool, entity].join(' | ')} |`,
    ),
  );
});
