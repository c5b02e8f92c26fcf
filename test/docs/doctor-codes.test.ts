import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { PROJECT } from '../support/project-paths.js';

const read = (path: string): Promise<string> => readFile(join(PROJECT, path), 'utf8');

it('the guide has each code of the doctor in its table, and no other', async () => {
  const source = await read('libs/audit/src/coverage/doctor/doctor-finding.ts');
  const codes = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code]) => code);
  const guide = await read('docs/03-guides/existing-data.md');
  const [, table = ''] = guide.split('| code | severity | means |');
  const rows = table.split('\n\n')[0]?.matchAll(/^\| ((?:`[a-z-]+`(?:, )?)+) \|/gm) ?? [];
  const documented = [...rows].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code),
  );
  expect(codes.length).toBeGreaterThan(20);
  expect(documented.sort()).toEqual(codes.sort());
});
