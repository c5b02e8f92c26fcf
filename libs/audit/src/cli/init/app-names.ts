import type ts from 'typescript';
import type { AppCompiler } from './app-compiler.js';
import type { Source } from './source.js';

/** An expression, or a declaration, in its file. */
export interface Found<Node extends ts.Node> {
  readonly source: Source;
  readonly node: Node;
}

/** Follows the names in the files of an app to what they stand for, by their syntax. */
export class AppNames {
  constructor(private readonly compiler: AppCompiler) {}

  /** Which name of which file a name stands for. */
  origin({ source, node }: Found<ts.Identifier>): { readonly source: Source; readonly name: string } {
    const imported = this.declared(source, node.text) ? null : this.imported(source, node.text);
    return imported ?? { source, name: node.text };
  }

  /** The class, or the value of the constant, that a name stands for. */
  declaration({ source, node }: Found<ts.Identifier>): Found<ts.Node> | null {
    const named = this.declared(source, node.text);
    const imported = named ? null : this.imported(source, node.text);
    return imported ? this.exported(imported.source, imported.name) : named;
  }

  /** Which name of which file of the app an imported name stands for. */
  private imported(source: Source, text: string): { readonly source: Source; readonly name: string } | null {
    const { ts } = this.compiler;
    for (const statement of source.ast.statements.filter(ts.isImportDeclaration)) {
      const { importClause, moduleSpecifier } = statement;
      const bindings = importClause?.namedBindings;
      const elements = bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
      const specifier = elements.find(({ name }) => name.text === text);
      const isDefault = importClause?.name?.text === text;
      const other =
        (specifier || isDefault) && ts.isStringLiteral(moduleSpecifier)
          ? this.compiler.imported(moduleSpecifier.text, source)
          : null;
      if (other) {
        const name = (specifier?.propertyName ?? specifier?.name)?.text;
        return { source: other, name: name ?? 'default' };
      }
    }
    return null;
  }

  exported(source: Source, name: string): Found<ts.Node> | null {
    const { ts } = this.compiler;
    if (name !== 'default') {
      return this.declared(source, name);
    }
    const assignment = source.ast.statements.find(ts.isExportAssignment);
    if (assignment) {
      const { expression } = assignment;
      return ts.isIdentifier(expression)
        ? this.declared(source, expression.text)
        : { source, node: expression };
    }
    const byDefault = source.ast.statements
      .filter(ts.isClassDeclaration)
      .find((one) => ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Default);
    return byDefault ? { source, node: byDefault } : null;
  }

  private declared(source: Source, name: string): Found<ts.Node> | null {
    const { ts } = this.compiler;
    for (const statement of source.ast.statements) {
      if (ts.isClassDeclaration(statement) && statement.name?.text === name) {
        return { source, node: statement };
      }
      const declarations = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
      const value = declarations.find((one) => one.name.getText() === name)?.initializer;
      if (value) {
        return { source, node: value };
      }
    }
    return null;
  }
}
