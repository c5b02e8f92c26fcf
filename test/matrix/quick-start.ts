import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fencedBlocks, readProjectFile } from '../docs/markdown.js';
import { runCommand } from '../support/run-command.js';
import type { Surroundings } from './consumer-app.js';

const PAGE = 'docs/01-quick-start.md';

/** A command, or a file that the page has one write. */
type Step = { readonly command: string } | { readonly file: string; readonly text: string };

/**
 * Follows the quick start to the letter from an empty folder on, but for what is not on every computer: the package is the packed one, packages
 * of MikroORM have the version of this repository (registries have holes), the database and the port are free ones.
 * @returns the history that it ends with, and how long it took
 * @throws when a command fails, and when the history is not that of the page
 */
export async function followQuickStart(
  folder: string,
  { tarball, databaseUrl }: Surroundings,
): Promise<string> {
  const startedAt = performance.now();
  const port = await freePort();
  const env = {
    BOOKS_DATABASE_URL: databaseUrl,
    PORT: String(port),
    NODE_OPTIONS: '',
    NODE_ENV: '',
    npm_config_prefer_offline: 'true',
    npm_config_loglevel: 'error',
  };
  let cwd = folder;
  let stop = async () => {};
  let shown = '';
  try {
    for (const step of steps()) {
      if ('file' in step) {
        await mkdir(dirname(join(cwd, step.file)), { recursive: true });
        await writeFile(join(cwd, step.file), `${step.text}\n`);
      } else if (step.command.startsWith('cd ')) {
        cwd = join(cwd, step.command.slice(3));
      } else if (step.command === 'npm start') {
        stop = await start(cwd, env, port);
      } else {
        const command = adapted(step.command, tarball, port);
        const before = performance.now();
        shown = await runCommand('sh', ['-c', command], { cwd, env });
        console.log(`  ${((performance.now() - before) / 1000).toFixed(1)} s  ${step.command}`);
      }
    }
  } finally {
    await stop();
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  assertShown(shown);
  return `the first history after ${seconds} s: ${shown}`;
}

/** What the page has one do before its last answer, in its order. */
function steps(): readonly Step[] {
  const lines = readProjectFile(PAGE).split('\n');
  const all = fencedBlocks(PAGE);
  const end = all.findIndex(({ language }) => language === 'json');
  return all.slice(0, end).flatMap(({ language, line, text, sample }): readonly Step[] => {
    if (language === 'sh') {
      return text.split('\n').map((command) => ({ command }));
    }
    // `init` writes what is shown without a name of its own.
    const file = /^`(src\/[\w.-]+)`:$/.exec(lines[line - (sample === null ? 3 : 4)] ?? '')?.[1];
    return file === undefined ? [] : [{ file, text }];
  });
}

function adapted(command: string, tarball: string, port: number): string {
  const { dependencies, devDependencies } = JSON.parse(readProjectFile('package.json')) as {
    readonly [Kind in 'dependencies' | 'devDependencies']: Readonly<Record<string, string>>;
  };
  const versions = { ...devDependencies, ...dependencies };
  return command.startsWith('npm install')
    ? command
        .replace(/@mikro-orm\/[\w-]+/g, (name) => `${name}@${versions[name]}`)
        .replace('nestjs-mikro-audit', tarball)
    : command.replaceAll('localhost:3000', `127.0.0.1:${port}`);
}

async function start(
  cwd: string,
  env: Readonly<Record<string, string>>,
  port: number,
): Promise<() => Promise<void>> {
  // A process group of its own, because npm starts the app in a process of its own.
  const child = spawn('npm', ['start'], { cwd, env: { ...process.env, ...env }, detached: true });
  const ended = once(child, 'exit');
  let output = '';
  child.stdout.on('data', (piece) => {
    output += piece;
  });
  child.stderr.on('data', (piece) => {
    output += piece;
  });
  const stop = async () => {
    if (child.exitCode === null && child.pid !== undefined) {
      process.kill(-child.pid);
      await ended;
    }
  };
  while (!(await answers(port))) {
    if (child.exitCode !== null) {
      throw new Error(`npm start ended with ${child.exitCode}:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return stop;
}

function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}`).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
}

/** @throws when the page shows anything else, times aside */
function assertShown(shown: string): void {
  const page = fencedBlocks(PAGE).find(({ language }) => language === 'json')?.text ?? '';
  const comparable = (text: string) =>
    JSON.stringify(JSON.parse(text)).replace(/"recordedAt":"[^"]+"/g, '"recordedAt":""');
  if (comparable(shown) !== comparable(page)) {
    throw new Error(`The history is not that of ${PAGE}:\n${comparable(shown)}\n${comparable(page)}`);
  }
}
