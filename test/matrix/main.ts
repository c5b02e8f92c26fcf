// Runs the apps of the matrix: npm run test:matrix [-- words that must be in the description]
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedDatabase } from '../../src/database/embedded-database.js';
import { createTestDatabase } from '../support/database.js';
import { packLibrary } from '../support/packed-library.js';
import { runCommand } from '../support/run-command.js';
import { COMBINATIONS, type Combination, describeCombination } from './combinations.js';
import { runConsumerApp, type Surroundings } from './consumer-app.js';
import { followExample, followQuickStart } from './followed-page.js';

/** An app of a user, in a folder and with a database of its own. */
interface UserApp {
  readonly description: string;
  /** Of a row of the table. */
  readonly combination?: Combination;
  /** @returns what there is to tell */
  readonly run: (folder: string, surroundings: Surroundings) => Promise<string>;
}

interface Outcome extends UserApp {
  readonly seconds: number;
  readonly result: string;
}

const EXAMPLES = ['nest-11-express', 'nest-12-fastify', 'tenants'] as const;

const APPS: readonly UserApp[] = [
  { description: 'quick-start', run: followQuickStart },
  ...EXAMPLES.map((name) => ({
    description: `example ${name}`,
    run: (home: string, surroundings: Surroundings) => followExample(name, home, surroundings),
  })),
  ...COMBINATIONS.map((combination) => ({
    description: describeCombination(combination),
    combination,
    run: (home: string, surroundings: Surroundings) => runConsumerApp(combination, home, surroundings),
  })),
];

const words = process.argv.slice(2);
const chosen = APPS.filter(({ description }) => words.every((word) => description.includes(word)));

const folder = await mkdtemp(join(tmpdir(), 'nestjs-mikro-audit-matrix-'));
const server = await startEmbeddedDatabase({ persistent: false, settings: { fsync: 'off' } });
process.env.AUDIT_TEST_DATABASE_URL = server.url;
try {
  const { tarball } = await packLibrary(folder);
  const isOld = chosen.some(({ combination }) => combination?.node === '22');
  const nodes = { 22: isOld ? await installNode('22') : '', 24: process.execPath };
  const outcomes: Outcome[] = [];
  for (const [at, app] of chosen.entries()) {
    console.log(`${at + 1}/${chosen.length} ${app.description}`);
    outcomes.push(await run(app, join(folder, `app-${at + 1}`), { tarball, nodes }));
  }
  console.log(`\n${table(outcomes)}`);
  process.exitCode = outcomes.length === 0 || outcomes.some(({ result }) => result !== 'passed') ? 1 : 0;
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function run(
  app: UserApp,
  home: string,
  surroundings: Omit<Surroundings, 'databaseUrl'>,
): Promise<Outcome> {
  const startedAt = performance.now();
  const database = await createTestDatabase();
  let result = 'passed';
  try {
    await mkdir(home);
    console.log(`  ${await app.run(home, { ...surroundings, databaseUrl: database.url })}`);
  } catch (error) {
    result = 'FAILED';
    console.error(error instanceof Error ? error.message : error);
  }
  await database.drop();
  await rm(home, { recursive: true, force: true });
  return { ...app, result, seconds: Math.round((performance.now() - startedAt) / 1000) };
}

/** The npm package of Node brings the program when it is installed. */
async function installNode(major: string): Promise<string> {
  const home = join(folder, `node-${major}`);
  await mkdir(home);
  const manifest = { private: true, dependencies: { node: major }, allowScripts: { node: true } };
  await writeFile(join(home, 'package.json'), JSON.stringify(manifest));
  await runCommand('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: home });
  return join(home, 'node_modules', '.bin', 'node');
}

function table(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ description, combination: of, result, seconds }) =>
    [
      ...(of
        ? [of.nest, of.mikroOrm, of.http, of.node, of.modules, of.tool, of.entity]
        : [description, ...Array(6).fill('')]),
      result,
      seconds,
    ].join(' | '),
  );
  return [
    '| Nest | MikroORM | server | Node | modules | built or run by | entity | result | seconds |',
    '|---|---|---|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}
