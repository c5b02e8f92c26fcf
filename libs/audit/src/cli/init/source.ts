import type ts from 'typescript';

export type Compiler = typeof ts;

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const PACKAGE = 'nestjs-mikro-audit';

/** A file of the app, and what is inserted into its text; the rest of it stays byte for byte. */
export class Source {
  readonly ast: ts.SourceFile;
  private readonly edits: Edit[] = [];
  private readonly imports = new Set<string>();

  constructor(
    private readonly ts: Compiler,
    readonly path: string,
    readonly text: string,
  ) {
    this.ast = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  }

  /** The text with everything that was inserted. */
  result(): string {
    const edits = [...this.edits, ...this.importEdits()].sort((one, other) => other.start - one.start);
    return edits.reduce(
      (text, { start, end, text: inserted }) => text.slice(0, start) + inserted + text.slice(end),
      this.text,
    );
  }

  /** All nodes of a kind. */
  all<Node extends ts.Node>(is: (node: ts.Node) => node is Node): readonly Node[] {
    const found: Node[] = [];
    const visit = (node: ts.Node): void => {
      if (is(node)) {
        found.push(node);
      }
      this.ts.forEachChild(node, visit);
    };
    visit(this.ast);
    return found;
  }

  /** Names that this file imports from the library. */
  import(name: string): void {
    this.imports.add(name);
  }

  replace(node: ts.Node, text: string): void {
    this.edits.push({ start: node.getStart(), end: node.getEnd(), text });
  }

  /** Adds a member to the end of an array or an object, on a line of its own where the others are. */
  add(list: ts.ArrayLiteralExpression | ts.ObjectLiteralExpression, text: string): void {
    const members: ts.NodeArray<ts.Node> = this.ts.isArrayLiteralExpression(list)
      ? list.elements
      : list.properties;
    const last = members.at(-1);
    const start = last?.getEnd() ?? list.getStart() + 1;
    const [, indent] = last ? (/(\r?\n[ \t]*)$/.exec(this.text.slice(0, last.getStart())) ?? []) : [];
    const isObject = this.ts.isObjectLiteralExpression(list);
    const inserted = last ? `,${indent ?? ' '}${text}` : isObject ? ` ${text} ` : text;
    this.edits.push({ start, end: start, text: inserted });
  }

  /** Removes an imported name that nothing else uses. */
  dropImport(name: string): void {
    const uses = this.all(this.ts.isIdentifier).filter(({ text }) => text === name);
    const specifier = this.all(this.ts.isImportSpecifier).find((one) => one.name.text === name);
    if (!specifier || uses.length > 2) {
      return;
    }
    const { elements } = specifier.parent;
    const at = elements.indexOf(specifier);
    const [before, after] = [elements[at - 1], elements[at + 1]];
    if (!before && !after) {
      const declaration = specifier.parent.parent.parent;
      const end = /^[ \t]*\r?\n?/.exec(this.text.slice(declaration.getEnd()))?.[0].length ?? 0;
      this.edits.push({ start: declaration.getStart(), end: declaration.getEnd() + end, text: '' });
    } else {
      const start = before ? before.getEnd() : specifier.getStart();
      const end = before ? specifier.getEnd() : (after as ts.Node).getStart();
      this.edits.push({ start, end, text: '' });
    }
  }

  private importEdits(): readonly Edit[] {
    const declarations = this.ast.statements.filter(this.ts.isImportDeclaration);
    const known = declarations.flatMap((one) => {
      const bindings = one.importClause?.namedBindings;
      const isOurs = this.ts.isStringLiteral(one.moduleSpecifier) && one.moduleSpecifier.text === PACKAGE;
      const isOfValues = one.importClause?.isTypeOnly !== true;
      return isOurs && isOfValues && bindings && this.ts.isNamedImports(bindings) ? [bindings] : [];
    });
    const here = known.flatMap(({ elements }) => elements.map(({ name }) => name.text));
    const missing = [...this.imports].filter((name) => !here.includes(name)).sort();
    const [last] = known[0]?.elements.slice(-1) ?? [];
    if (missing.length === 0) {
      return [];
    }
    if (last) {
      const start = last.getEnd();
      return [{ start, end: start, text: missing.map((name) => `, ${name}`).join('') }];
    }
    const model = declarations.at(-1);
    const quote = model?.moduleSpecifier.getText()[0] ?? "'";
    const end = model?.getText().endsWith(';') === false ? '' : ';';
    const line = `import { ${missing.join(', ')} } from ${quote}${PACKAGE}${quote}${end}`;
    const newLine = this.text.includes('\r\n') ? '\r\n' : '\n';
    const start = model?.getEnd() ?? 0;
    return [{ start, end: start, text: model ? `${newLine}${line}` : `${line}${newLine}` }];
  }
}
