import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fencedBlocks } from '../docs/markdown.js';
import { PROJECT } from '../support/project-paths.js';
import { runCommand } from '../support/run-command.js';
import type { Combination } from './combinations.js';

const APP = join(PROJECT, 'test', 'matrix', 'app', 'src');
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];

const BOOKS = {
  'legacy decorators': 'book-legacy.ts',
  'ES decorators': 'book-es.ts',
  TsMorph: 'book-ts-morph.ts',
  defineEntity: 'book-define-entity.ts',
} as const;

const SERVERS = {
  'Express 5': 'create-app-express.ts',
  'Fastify 5': 'create-app-fastify.ts',
} as const;

export interface Surroundings {
  /** The packed library. */
  readonly tarball: string;
  readonly databaseUrl: string;
  /** Where the program of each major of Node is. */
  readonly nodes: Readonly<Record<Combination['node'], string>>;
}

/**
 * Installs the app of a combination into a folder, from the registry and the tarball, builds it and has it tell its story.
 * @returns the versions that were installed
 * @throws with what the program said that failed
 */
export async function runConsumerApp(
  combination: Combination,
  folder: string,
  { tarball, databaseUrl, nodes }: Surroundings,
): Promise<string> {
  await writeSources(combination, folder);
  const dependencies = { ...dependenciesOf(combination), 'nestjs-mikro-audit': `file:${tarball}` };
  const type = combination.modules === 'ESM' ? { type: 'module' } : {};
  await writeJson(folder, 'package.json', { name: 'consumer-app', private: true, ...type, dependencies });
  await writeTools(combination, folder);
  // `npm run -s` would have it fail without a word.
  await runCommand('npm', INSTALL, { cwd: folder, env: { npm_config_loglevel: 'error' } });
  const env = { MATRIX_DATABASE_URL: databaseUrl, NODE_OPTIONS: '', NODE_ENV: '' };
  for (const args of stepsOf(combination)) {
    await runCommand(nodes[combination.node], args, { cwd: folder, env });
  }
  const installed = ['@nestjs/core', '@mikro-orm/core', ...toolPackage(combination)].map(async (name) => {
    const manifest = await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8');
    return `${name} ${(JSON.parse(manifest) as { version: string }).version}`;
  });
  return (await Promise.all(installed)).join(', ');
}

async function writeSources({ entity, http, tool }: Combination, folder: string): Promise<void> {
  const source = join(folder, 'src');
  await mkdir(source, { recursive: true });
  const files = ['app.module.ts', 'books.controller.ts', 'main.ts', 'story.ts'];
  await Promise.all(files.map((file) => cp(join(APP, file), join(source, file))));
  await cp(join(APP, BOOKS[entity]), join(source, 'book.ts'));
  await cp(join(APP, SERVERS[http]), join(source, 'create-app.ts'));
  if (tool === 'ts-jest' || tool === 'Vitest') {
    const text = await readFile(join(APP, 'story-test.ts'), 'utf8');
    const runner = tool === 'Vitest' ? 'vitest' : '@jest/globals';
    await writeFile(join(source, 'story.test.ts'), text.replace('@jest/globals', runner));
  }
}

function dependenciesOf({ nest, mikroOrm, http, entity, tool }: Combination): Record<string, string> {
  const platform = http === 'Fastify 5' ? '@nestjs/platform-fastify' : '@nestjs/platform-express';
  return {
    '@mikro-orm/core': mikroOrm,
    '@mikro-orm/decorators': mikroOrm,
    '@mikro-orm/nestjs': '7.1.0',
    '@mikro-orm/postgresql': mikroOrm,
    '@nestjs/common': nest,
    '@nestjs/core': nest,
    [platform]: nest,
    '@types/node': '^22',
    'reflect-metadata': '^0.2.2',
    rxjs: '^7.8.0',
    ...(entity === 'TsMorph' ? { '@mikro-orm/reflection': mikroOrm } : {}),
    ...TOOLS[tool],
  };
}

/** `@swc/core` and `typescript` do not have newer ones everywhere, see ../../package.json. */
const SWC = { '@swc/core': '1.16.18', '@swc/cli': '0.8.1' };
const TOOLS: Readonly<Record<Combination['tool'], Record<string, string>>> = {
  tsc: { typescript: '^6.0.0' },
  swc: SWC,
  'ts-jest': { typescript: '^6.0.0', jest: '^30.0.0', '@jest/globals': '^30.0.0', 'ts-jest': '^29.4.0' },
  Vitest: {
    typescript: '^6.0.0',
    '@swc/core': '1.16.18',
    'unplugin-swc': '^2.0.0',
    vite: '^8',
    vitest: '^5.0.0',
  },
};

function toolPackage({ tool, http }: Combination): readonly string[] {
  const names = { tsc: 'typescript', swc: '@swc/core', 'ts-jest': 'ts-jest', Vitest: 'vitest' };
  return [names[tool], http === 'Fastify 5' ? 'fastify' : 'express'];
}

const TSC = ['node_modules/typescript/bin/tsc'];
/** The matchers of the test kit are known to `expect`. */
const TYPES = [...TSC, '--noEmit'];
const SWC_CLI = ['node_modules/@swc/cli/bin/swc.js', 'src', '-d', 'dist', '--strip-leading-paths', '-q'];

/** The programs that Node runs one after the other. */
function stepsOf({ tool, entity }: Combination): readonly (readonly string[])[] {
  switch (tool) {
    case 'tsc':
      return [TSC, ['dist/main.js']];
    case 'swc':
      return [
        [
          ...SWC_CLI,
          '--config-file',
          'legacy.swcrc',
          ...(entity === 'ES decorators' ? ['--ignore', 'src/book.ts'] : []),
        ],
        ...(entity === 'ES decorators'
          ? [[...SWC_CLI, '--config-file', 'es.swcrc', '--only', 'src/book.ts']]
          : []),
        ['dist/main.js'],
      ];
    case 'ts-jest':
      return [TYPES, ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js']];
    case 'Vitest':
      return [TYPES, ['node_modules/vitest/vitest.mjs', 'run']];
  }
}

async function writeTools({ tool, modules }: Combination, folder: string): Promise<void> {
  await writeJson(folder, 'tsconfig.json', {
    compilerOptions: {
      target: 'ES2022',
      module: 'NodeNext',
      strict: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      declaration: true,
      rootDir: 'src',
      outDir: 'dist',
      types: ['node'],
      // As `nest new` has it.
      skipLibCheck: true,
      ...(tool === 'ts-jest' ? { isolatedModules: true } : {}),
    },
    include: ['src'],
  });
  if (tool === 'swc') {
    await writeJson(
      folder,
      'legacy.swcrc',
      swcrc(modules, { legacyDecorator: true, decoratorMetadata: true }),
    );
    await writeJson(folder, 'es.swcrc', swcrc(modules, { decoratorVersion: '2022-03' }));
  }
  if (tool === 'ts-jest') {
    const config = `export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\\\.{1,2}/.*)\\\\.js$': '$1' },
  transform: { '^.+\\\\.ts$': ['ts-jest', { useESM: true }] },
};
`;
    await writeFile(join(folder, 'jest.config.mjs'), config);
  }
  if (tool === 'Vitest') {
    const config = fencedBlocks('docs/03-guides/recipes.md').find(({ text }) =>
      text.includes('vitest/config'),
    );
    await writeFile(join(folder, 'vitest.config.mjs'), config?.text ?? '');
  }
}

function swcrc(modules: Combination['modules'], transform: object): object {
  return {
    module: { type: modules === 'ESM' ? 'es6' : 'commonjs' },
    jsc: {
      target: 'es2022',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform,
    },
  };
}

function writeJson(folder: string, file: string, content: object): Promise<void> {
  return writeFile(join(folder, file), JSON.stringify(content, null, 2));
}
