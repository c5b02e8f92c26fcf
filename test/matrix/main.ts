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

interface Row extends Combination {
  readonly seconds: number;
  readonly result: string;
}

const words = process.argv.slice(2);
const chosen = COMBINATIONS.filter((one) => words.every((word) => describeCombination(one).includes(word)));

const folder = await mkdtemp(join(tmpdir(), 'nestjs-mikro-audit-matrix-'));
const server = await startEmbeddedDatabase({ persistent: false, settings: { fsync: 'off' } });
process.env.AUDIT_TEST_DATABASE_URL = server.url;
try {
  const { tarball } = await packLibrary(folder);
  const nodes = { 22: await installNode('22'), 24: process.execPath };
  const rows: Row[] = [];
  for (const [at, combination] of chosen.entries()) {
    console.log(`${at + 1}/${chosen.length} ${describeCombination(combination)}`);
    rows.push(await run(combination, join(folder, `app-${at + 1}`), { tarball, nodes }));
  }
  console.log(`\n${table(rows)}`);
  process.exitCode = rows.length === 0 || rows.some(({ result }) => result !== 'passed') ? 1 : 0;
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function run(
  combination: Combination,
  home: string,
  surroundings: Omit<Surroundings, 'databaseUrl'>,
): Promise<Row> {
  const startedAt = performance.now();
  const database = await createTestDatabase();
  let result = 'passed';
  try {
    await mkdir(home);
    console.log(
      `  ${await runConsumerApp(combination, home, { ...surroundings, databaseUrl: database.url })}`,
    );
  } catch (error) {
    result = 'FAILED';
    console.error(error instanceof Error ? error.message : error);
  }
  await database.drop();
  await rm(home, { recursive: true, force: true });
  return { ...combination, result, seconds: Math.round((performance.now() - startedAt) / 1000) };
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

function table(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    [
      row.nest,
      row.mikroOrm,
      row.http,
      row.node,
      row.modules,
      row.tool,
      row.entity,
      row.result,
      row.seconds,
    ].join(' | '),
  );
  return [
    '| Nest | MikroORM | server | Node | modules | built or run by | entity | result | seconds |',
    '|---|---|---|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n');
}
