import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LIBRARY, PROJECT } from '../support/project-paths.js';
import { tryCommand } from '../support/run-command.js';
import {
  anchorsOf,
  fencedBlocks,
  linkTarget,
  localLinks,
  markdownFiles,
  readProjectFile,
} from './markdown.js';

describe('the documentation', () => {
  it('has no link that leads nowhere', async () => {
    for (const file of await markdownFiles()) {
      for (const link of localLinks(file)) {
        const { path, anchor } = linkTarget(file, link);
        expect([file, link, existsSync(join(PROJECT, path))]).toEqual([file, link, true]);
        if (anchor !== '') {
          expect([file, link, [...anchorsOf(path)].filter((one) => one === anchor)]).toEqual([
            file,
            link,
            [anchor],
          ]);
        }
      }
    }
  });

  it('has an index that names every page', async () => {
    const linked = localLinks('docs/README.md').map((link) => linkTarget('docs/README.md', link).path);
    const pages = (await markdownFiles()).filter((file) => /^docs\/(?!README)/.test(file));
    expect(linked).toEqual(expect.arrayContaining([...pages]));
  });

  it('explains every error code, and no other', () => {
    const folder = join(LIBRARY, 'src/errors');
    const sources = readdirSync(folder).map((name) => readProjectFile(join('libs/audit/src/errors', name)));
    const codes = sources.flatMap((source) =>
      [...source.matchAll(/'(AUDIT_[A-Z_]+)'/g)].map(([, code]) => code),
    );
    const page = readProjectFile('docs/06-troubleshooting.md');
    const explained = [...page.matchAll(/^### (AUDIT_[A-Z_]+)$/gm)].map(([, code]) => code);
    expect(explained.sort()).toEqual([...new Set(codes)].sort());
  });

  // cspell:disable
  it.each([
    [
      'page.md',
      'What is this, an immutable `ledger`? It is tamper-proof. What it recieves, it told.',
      ['immutable', 'tamper-proof', 'What', 'recieves'],
    ],
    [
      'code.ts',
      "// What is it? What it is.\nconst itsRecieved = 'What it is';\nit('looks. What is', run);",
      ['What', 'What', 'What'],
    ],
  ])(
    'is in the words of the glossary, by a linter that sees what is wrong in %s',
    async (name, text, found) => {
      const command =
        'printf %s "$TEXT" | "$NODE" node_modules/cspell/bin.mjs lint --no-progress --no-summary --words-only';
      const options = { cwd: PROJECT, env: { NODE_OPTIONS: '', NODE: process.execPath, TEXT: text } };
      const { stdout } = await tryCommand('sh', ['-c', `${command} stdin://docs/${name}`], options);
      expect(stdout.trim().split('\n')).toEqual(found);
    },
  );
  // cspell:enable

  it('shows JSON that is JSON', async () => {
    const blocks = (await markdownFiles())
      .flatMap(fencedBlocks)
      .filter(({ language }) => language === 'json');
    expect(blocks.length).toBeGreaterThan(1);
    for (const { text } of blocks) {
      expect(() => JSON.parse(text)).not.toThrow();
    }
  });

  it('has the import table of the architecture as it is checked', () => {
    const rules = readProjectFile('.dependency-cruiser.mjs');
    const [, table = ''] = /const table = \{([\s\S]*?)\n\};/.exec(rules) ?? [];
    const page = readProjectFile('ARCHITECTURE.md');
    const folders = [...table.matchAll(/^ {2}(\w+): \[(.*)\],$/gm)];
    expect(folders.length).toBeGreaterThan(5);
    for (const [, folder = '', targets = ''] of folders) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${folder}\` |`)) ?? '';
      const named = [...(row.split('|')[3] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name);
      const allowed = [...targets.matchAll(/'([^']+)'/g)].map(([, name]) => name);
      expect([folder, named.sort()]).toEqual([folder, allowed.sort()]);
    }
  });
});
