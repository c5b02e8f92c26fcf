import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { freePort } from '../../src/http/free-port.js';
import { fencedBlocks, readProjectFile } from '../docs/markdown.js';
import { PROJECT } from '../support/project-paths.js';
import { runCommand } from '../support/run-command.js';
import type { Surroundings } from './consumer-app.js';

/** A command, a file that the page has one write, or what the command before has to show. */
type Step =
  | { readonly command: string }
  | { readonly file: string; readonly text: string }
  | { readonly answer: string };

/** The quick start, from an empty folder on, to the first history. */
export async function followQuickStart(folder: string, surroundings: Surroundings): Promise<string> {
  const startedAt = performance.now();
  const steps = stepsOf('docs/01-quick-start.md');
  const end = steps.findIndex((step) => 'answer' in step);
  const shown = await follow(steps.slice(0, end + 1), folder, surroundings);
  return `the first history after ${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${shown}`;
}

/** The README of an example, in a copy of its folder, with the packed library. */
export async function followExample(
  name: string,
  folder: string,
  surroundings: Surroundings,
): Promise<string> {
  const source = join(PROJECT, 'examples', name);
  await cp(source, folder, {
    recursive: true,
    filter: (path) => !/\/(?:node_modules|dist|package-lock\.json)$/.test(path),
  });
  const manifest = await readFile(join(folder, 'package.json'), 'utf8');
  await writeFile(
    join(folder, 'package.json'),
    manifest.replace(/("nestjs-mikro-audit": )"[^"]*"/, `$1"file:${surroundings.tarball}"`),
  );
  return follow(stepsOf(`examples/${name}/README.md`), folder, surroundings);
}

/**
 * Follows a page to the letter, but for what is not on every computer: the package is the packed one, packages of MikroORM have the version of
 * this repository (registries have holes), the database and the port are free ones.
 * @returns what the last command has shown
 * @throws when a command fails, and when it shows anything else than the page does
 */
async function follow(
  steps: readonly Step[],
  folder: string,
  { tarball, databaseUrl }: Surroundings,
): Promise<string> {
  const port = await freePort(4000, '127.0.0.1');
  const env = {
    BOOKS_DATABASE_URL: databaseUrl,
    DATABASE_URL: databaseUrl,
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
    for (const step of steps) {
      if ('file' in step) {
        await mkdir(dirname(join(cwd, step.file)), { recursive: true });
        await writeFile(join(cwd, step.file), `${step.text}\n`);
      } else if ('answer' in step) {
        assertShown(shown, step.answer);
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
  return shown;
}

/** The steps of a page, in its order. */
function stepsOf(page: string): readonly Step[] {
  const lines = readProjectFile(page).split('\n');
  return fencedBlocks(page).flatMap(({ language, line, text, sample }): readonly Step[] => {
    if (language === 'sh') {
      return text.split('\n').map((command) => ({ command }));
    }
    if (language === 'json') {
      return [{ answer: text }];
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

/** @throws when the page shows anything else, times aside */
function assertShown(shown: string, page: string): void {
  const comparable = (text: string) =>
    JSON.stringify(JSON.parse(text)).replace(/"recordedAt":"[^"]+"/g, '"recordedAt":""');
  if (comparable(shown) !== comparable(page)) {
    throw new Error(`The page shows:\n${comparable(page)}\nIt is:\n${comparable(shown)}`);
  }
}
