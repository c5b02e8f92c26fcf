import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { AuditCliError } from '../../errors/cli-errors.js';
import type { ProgramCommand } from '../command-run.js';
import { EXIT } from '../exit-codes.js';
import { setUp } from '../init/app-setup.js';
import type { FileChange } from '../init/file-change.js';
import { lineDiff } from '../init/line-diff.js';
import type { Terminal } from '../terminal.js';

interface InitArguments {
  readonly folder: string;
  readonly driver?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

const STYLES = { '+': 'green', '-': 'red', ' ': 'dim' } as const;

export function initCommand(): ProgramCommand<InitArguments> {
  const command = new Command('init')
    .description(
      'Add auditing to an app: AuditModule to its root module, the audit tables to its MikroORM configuration, and that to the command line of MikroORM, where it has none. It shows the lines and asks before it writes.',
    )
    .option('--folder <path>', 'the root of the app', '.')
    .option(
      '--driver',
      'exchange PostgreSqlDriver for AuditPostgreSqlDriver, which notices writes past the trail',
    )
    .option('--yes', 'write without asking')
    .option('--dry-run', 'show the lines and write nothing');
  return {
    command,
    standsAlone: () => true,
    work: async (
      { folder: given, driver = false, yes = false, dryRun = false },
      { terminal, json, signal },
    ) => {
      const folder = resolve(given);
      const { changes, hints } = setUp({ folder, driver });
      show(changes, terminal, json);
      for (const hint of hints) {
        terminal.note(hint);
      }
      if (changes.length === 0) {
        return EXIT.ok;
      }
      if (dryRun || !(yes || (await agrees(terminal, signal)))) {
        terminal.note('Nothing was written.');
        return EXIT.found;
      }
      writeAll(folder, changes);
      terminal.note(NEXT);
      return EXIT.ok;
    },
  };
}

const NEXT = `Written. Now put @Audited() on an entity, and create the audit tables by a migration: npm run build && npx mikro-orm migration:create`;

/** @throws AuditCliError when one cannot be written; those before it are as they were then */
function writeAll(folder: string, changes: readonly FileChange[]): void {
  const written: FileChange[] = [];
  for (const change of changes) {
    try {
      writeFileSync(join(folder, change.file), change.after);
      written.push(change);
    } catch (cause) {
      for (const { file, before } of written) {
        before === '' ? rmSync(join(folder, file)) : writeFileSync(join(folder, file), before);
      }
      const remedy = 'Nothing was changed. Let the file be written, and try again.';
      throw new AuditCliError(`${change.file} cannot be written.`, remedy, cause);
    }
  }
}

function show(changes: readonly FileChange[], terminal: Terminal, json: boolean): void {
  if (json) {
    terminal.line(JSON.stringify(changes.map(({ file, after }) => ({ file, after }))));
    return;
  }
  if (changes.length === 0) {
    terminal.line('Nothing to do: auditing is set up.');
  }
  for (const { file, before, after } of changes) {
    terminal.line(terminal.styled('bold', file));
    for (const { sign, text } of lineDiff(before, after)) {
      terminal.line(terminal.styled(STYLES[sign], `${sign} ${text}`));
    }
  }
}

async function agrees(terminal: Terminal, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) {
    terminal.note('Nobody can be asked here: give --yes to have it written.');
    return false;
  }
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test(await questions.question('Write these lines? [y/N] ', { signal }));
  } finally {
    questions.close();
  }
}
