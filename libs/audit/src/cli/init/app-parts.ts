import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type ts from 'typescript';
import { AuditCliError } from '../../errors/cli-errors.js';
import type { AppCompiler } from './app-compiler.js';
import { AppNames, type Found } from './app-names.js';
import type { Manifest } from './manifest.js';
import type { Source } from './source.js';

const BY_HAND =
  "Add by hand, imported from 'nestjs-mikro-audit': AuditModule.forRoot() to the imports of the root module, and ...auditEntities to the entities of the MikroORM configuration.";

const CLI_FILES = ['src/mikro-orm.config.ts', 'mikro-orm.config.ts'];

/** Finds the parts of a Nest app that auditing is added to, by its syntax alone: nothing of the app is run. */
export class AppParts {
  readonly names: AppNames;
  private readonly ts: AppCompiler['ts'];

  constructor(
    private readonly compiler: AppCompiler,
    private readonly manifest: Manifest,
  ) {
    this.ts = compiler.ts;
    this.names = new AppNames(compiler);
  }

  /** @throws AuditCliError: nothing is done where the app is not understood */
  refuse(problem: string): never {
    throw new AuditCliError(problem, BY_HAND);
  }

  /** Whether some module imports AuditModule, and not one that the app has written. */
  isAudited(): boolean {
    return this.compiler.files.some((file) => {
      const source = this.compiler.open(file);
      return this.calls(source, 'AuditModule', /^forRoot/).some(
        ({ expression }) =>
          !this.ts.isPropertyAccessExpression(expression) ||
          !this.ts.isIdentifier(expression.expression) ||
          this.names.declaration({ source, node: expression.expression }) === null,
      );
    });
  }

  /** The class that the app is started with, and what its `@Module()` says. */
  rootModule(): Found<ts.ObjectLiteralExpression> & { readonly name: string } {
    const main = this.mainFile();
    const [call] = this.calls(main, 'NestFactory', /^create/);
    const [root] = call?.arguments ?? [];
    if (!root || !this.ts.isIdentifier(root)) {
      return this.refuse(
        `${this.nameOf(main)} does not call NestFactory.create() with the class of a module.`,
      );
    }
    const found = this.names.declaration({ source: main, node: root });
    const decorators =
      found && this.ts.isClassDeclaration(found.node) ? (this.ts.getDecorators(found.node) ?? []) : [];
    for (const { expression } of decorators) {
      if (this.ts.isCallExpression(expression) && expression.expression.getText() === 'Module') {
        const [node] = expression.arguments;
        if (found && node && this.ts.isObjectLiteralExpression(node)) {
          return { source: found.source, node, name: root.text };
        }
      }
    }
    return this.refuse(
      `${this.nameOf(found?.source ?? main)} has no class ${root.text} with @Module({ ... }).`,
    );
  }

  /** The configuration of MikroORM, wherever it stands. */
  configuration(): Found<ts.ObjectLiteralExpression> & { readonly call: Found<ts.CallExpression> } {
    const calls = this.compiler.files.flatMap((file) => {
      const source = this.compiler.open(file);
      return this.calls(source, 'MikroOrmModule', /^forRoot/).map((node) => ({ source, node }));
    });
    const [call] = calls;
    if (!call || calls.length > 1) {
      const where = calls.map(({ source }) => this.nameOf(source)).join(', ');
      return this.refuse(
        call
          ? `MikroOrmModule.forRoot() is called several times: ${where}.`
          : 'Nothing calls MikroOrmModule.forRoot().',
      );
    }
    const [argument] = call.node.arguments;
    const found = argument
      ? this.object({ source: call.source, node: argument })
      : this.exportOf(this.fileOfCli(), 'default');
    return found
      ? { ...found, call }
      : this.refuse(
          `The configuration that ${this.nameOf(call.source)} gives to MikroORM is no plain object.`,
        );
  }

  /** Whether the CLI of MikroORM has a file of its own, in whatever language. */
  hasCliConfiguration(): boolean {
    const paths = CLI_FILES.flatMap((path) => [path, path.replace(/ts$/, 'js')]);
    return (
      this.manifest.configPaths.length > 0 ||
      paths.some((path) => existsSync(join(this.compiler.folder, path)))
    );
  }

  /** The property of an object; null when it has none. */
  property(object: ts.ObjectLiteralExpression, name: string): ts.ObjectLiteralElementLike | null {
    return object.properties.find((one) => one.name?.getText().replace(/^['"]|['"]$/g, '') === name) ?? null;
  }

  /** For messages. */
  nameOf({ path }: Source): string {
    return relative(this.compiler.folder, path);
  }

  /** The file that the app is started by. */
  mainFile(): Source {
    const { folder } = this.compiler;
    const file = join(folder, 'nest-cli.json');
    // As Nest reads it, which takes comments.
    const { config } = this.ts.readConfigFile(file, this.ts.sys.readFile);
    const { sourceRoot = 'src', entryFile = 'main' } = (config ?? {}) as {
      readonly sourceRoot?: string;
      readonly entryFile?: string;
    };
    const main = join(folder, sourceRoot, `${entryFile}.ts`);
    return existsSync(main)
      ? this.compiler.open(main)
      : this.refuse(`${relative(folder, main)}, which starts a Nest app, is not there.`);
  }

  private calls(source: Source, object: string, method: RegExp): readonly ts.CallExpression[] {
    return source
      .all(this.ts.isCallExpression)
      .filter(
        ({ expression }) =>
          this.ts.isPropertyAccessExpression(expression) &&
          expression.expression.getText() === object &&
          method.test(expression.name.text),
      );
  }

  /** The file that the CLI of MikroORM and `forRoot()` without arguments take; null where there is none. */
  private fileOfCli(): Source | null {
    const path = [...this.manifest.configPaths, ...CLI_FILES]
      .map((one) => join(this.compiler.folder, one))
      .find((one) => one.endsWith('.ts') && existsSync(one));
    return path === undefined ? null : this.compiler.open(path);
  }

  private object({ source, node }: Found<ts.Node>): Found<ts.ObjectLiteralExpression> | null {
    const { ts } = this;
    if (ts.isObjectLiteralExpression(node)) {
      const factory = this.property(node, 'useFactory');
      return factory && ts.isPropertyAssignment(factory)
        ? this.object({ source, node: factory.initializer })
        : { source, node };
    }
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
      return this.object({ source, node: node.expression });
    }
    if (ts.isCallExpression(node)) {
      const [argument] = node.arguments;
      const isConfig = node.expression.getText() === 'defineConfig' && argument;
      return isConfig ? this.object({ source, node: argument }) : null;
    }
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      return this.returned({ source, node });
    }
    const declared = ts.isIdentifier(node) ? this.names.declaration({ source, node }) : null;
    return declared && !ts.isIdentifier(declared.node) ? this.object(declared) : null;
  }

  private returned({ source, node }: Found<ts.ArrowFunction | ts.FunctionExpression>) {
    const { body } = node;
    if (!this.ts.isBlock(body)) {
      return this.object({ source, node: body });
    }
    const last = body.statements.at(-1);
    const isOnly = source.all(this.ts.isReturnStatement).filter((one) => one.parent === body).length === 1;
    return isOnly && last && this.ts.isReturnStatement(last) && last.expression
      ? this.object({ source, node: last.expression })
      : null;
  }

  private exportOf(source: Source | null, name: string): Found<ts.ObjectLiteralExpression> | null {
    const found = source && this.names.exported(source, name);
    return found && this.object(found);
  }
}
