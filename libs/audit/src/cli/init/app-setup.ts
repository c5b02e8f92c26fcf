import { relative } from 'node:path';
import type ts from 'typescript';
import { AppCompiler } from './app-compiler.js';
import type { Found } from './app-names.js';
import { AppParts } from './app-parts.js';
import { configureCli } from './cli-configuration.js';
import type { FileChange } from './file-change.js';
import { Manifest } from './manifest.js';

export interface SetupOptions {
  readonly folder: string;
  /** Whether the driver of MikroORM is exchanged. */
  readonly driver: boolean;
}

/** How an app is set up. */
export interface Setup {
  /** None where all of it is there. */
  readonly changes: readonly FileChange[];
  /** Steps to be done by hand. */
  readonly hints: readonly string[];
}

/**
 * Adds auditing to an app by its syntax.
 * @throws AuditCliError where the app is not understood, with what to add by hand
 */
export function setUp({ folder, driver }: SetupOptions): Setup {
  const manifest = new Manifest(folder);
  const compiler = new AppCompiler(folder);
  const parts = new AppParts(compiler, manifest);
  parts.rootModule();
  const cli = configureCli(compiler, parts, manifest);
  // The configuration may have moved.
  compiler.settle();
  const root = parts.rootModule();
  const configuration = parts.configuration();
  if (!parts.isAudited()) {
    addModule(compiler, parts, root);
  }
  addEntities(compiler, parts, configuration);
  if (driver) {
    exchangeDriver(compiler, parts, configuration);
  }
  const output = compiler.outputOf(root.source);
  if (output !== null) {
    // Where `mikro-audit` finds the app.
    manifest.add('mikro-audit', `{ "module": "${manifest.pathOf(output)}#${root.name}" }`);
  }
  for (const source of compiler.sources) {
    if (source.clash !== null) {
      parts.refuse(`${parts.nameOf(source)} has a ${source.clash} that is not of nestjs-mikro-audit.`);
    }
  }
  const sources = compiler.sources.map((source) => ({
    file: relative(folder, source.path),
    before: source.before,
    after: source.result(),
  }));
  const all = [...sources, ...cli.changes, manifest.change];
  const changes = all.filter(({ before, after }) => before !== after);
  for (const { file, after } of changes.filter((one) => one.file.endsWith('.ts'))) {
    const { diagnostics = [] } = compiler.ts.transpileModule(after, {
      reportDiagnostics: true,
      fileName: file,
    });
    if (diagnostics.length > 0) {
      parts.refuse(`${file} would be no TypeScript any more.`);
    }
  }
  return { changes, hints: cli.hints };
}

function addModule(
  { ts }: AppCompiler,
  parts: AppParts,
  { source, node }: Found<ts.ObjectLiteralExpression>,
): void {
  const imports = parts.property(node, 'imports');
  if (!imports) {
    source.add(node, 'imports: [AuditModule.forRoot()]');
  } else if (ts.isPropertyAssignment(imports) && ts.isArrayLiteralExpression(imports.initializer)) {
    source.add(imports.initializer, 'AuditModule.forRoot()');
  } else {
    parts.refuse(`The imports of the root module in ${parts.nameOf(source)} are no array.`);
  }
  source.import('AuditModule');
}

function addEntities(
  { ts }: AppCompiler,
  parts: AppParts,
  { source, node }: Found<ts.ObjectLiteralExpression>,
): void {
  const given = ['entities', 'entitiesTs'].flatMap((name) => parts.property(node, name) ?? []);
  if (given.length === 0 && !parts.property(node, 'autoLoadEntities')) {
    parts.refuse(`The configuration of MikroORM in ${parts.nameOf(source)} lists no entities.`);
  }
  if (given.length === 0) {
    source.add(node, 'entities: [...auditEntities]');
    source.import('auditEntities');
  }
  for (const property of given.filter((one) => !/\.\.\.auditEntities\b/.test(one.getText()))) {
    const name = property.name?.getText() ?? '';
    const value = ts.isPropertyAssignment(property) ? property.initializer : property.name;
    if (value && ts.isArrayLiteralExpression(value)) {
      source.add(value, '...auditEntities');
    } else if (value && ts.isIdentifier(value)) {
      const list = source.all(ts.isVariableDeclaration).find((one) => one.name.getText() === value.text);
      if (/\.\.\.auditEntities\b/.test(list?.initializer?.getText() ?? '')) {
        continue;
      }
      source.replace(property, `${name}: [...${value.text}, ...auditEntities]`);
    } else {
      parts.refuse(`${name} of MikroORM in ${parts.nameOf(source)} are no array.`);
    }
    source.import('auditEntities');
  }
}

const DRIVER = 'AuditPostgreSqlDriver';

function exchangeDriver(
  { ts }: AppCompiler,
  parts: AppParts,
  { source, node }: Found<ts.ObjectLiteralExpression>,
): void {
  const property = parts.property(node, 'driver');
  const value = property && ts.isPropertyAssignment(property) ? property.initializer.getText() : null;
  if (value === DRIVER) {
    return;
  }
  if (!property) {
    source.add(node, `driver: ${DRIVER}`);
  } else if (value === 'PostgreSqlDriver' && ts.isPropertyAssignment(property)) {
    source.replace(property.initializer, DRIVER);
    source.dropImport(value);
  } else {
    parts.refuse(`The driver in ${parts.nameOf(source)} is not PostgreSqlDriver.`);
  }
  source.import(DRIVER);
}
