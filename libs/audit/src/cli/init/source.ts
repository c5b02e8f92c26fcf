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
  private readonly imports = new Map<string, Set<string>>();
  private readonly dropped = new Set<ts.Node>();

  constructor(
    private readonly ts: Compiler,
    readonly path: string,
    readonly text: string,
    /** That of the file, where what was inserted is a part of the text by now. */
    readonly before = text,
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

  /** Has this file import a name, which may begin with `type `. */
  import(name: string, from = PACKAGE): void {
    this.imports.set(from, (this.imports.get(from) ?? new Set()).add(name));
  }

  /** Moves an expression into a constant of the module, before the statement that it is in, and puts the name in its place. */
  moveOut(node: ts.Node, name: string, type: string): void {
    const statement = this.statementOf(node);
    const [comment] = this.ts.getLeadingCommentRanges(this.text, statement.getFullStart()) ?? [];
    const start = comment?.pos ?? statement.getStart();
    const [, indent = ''] = /(?:^|\n)([ \t]*)[^\n]*$/.exec(this.text.slice(0, node.getStart())) ?? [];
    // The lines of a template are a part of its text.
    const value = node.getText().includes('`')
      ? node.getText()
      : node.getText().replaceAll(`\n${indent}`, '\n');
    const line = `export const ${name}: ${type} = ${value}${this.style.end}`;
    this.edits.push({ start, end: start, text: line + this.newLine.repeat(2) });
    this.replace(node, name);
  }

  /** A name in an expression that the module declares with the statement around it, or after that; null when there is none. */
  laterName(node: ts.Node): string | null {
    const from = this.statementOf(node).getStart();
    const declared = [...this.all(this.ts.isClassDeclaration), ...this.all(this.ts.isVariableDeclaration)]
      .filter((one) => this.statementOf(one).getStart() >= from)
      .map(({ name }) => name?.getText());
    const used = this.all(this.ts.isIdentifier).find(
      (one) =>
        one.getStart() >= node.getStart() && one.getEnd() <= node.getEnd() && declared.includes(one.text),
    );
    return used?.text ?? null;
  }

  /** A name that is to be imported and that this file has already, for something else; null when there is none. */
  get clash(): string | null {
    const { ts } = this;
    const asked = [...(this.imports.get(PACKAGE) ?? [])];
    const declared = this.ast.statements.flatMap((one): readonly (ts.Node | undefined)[] => {
      if (ts.isVariableStatement(one)) {
        return one.declarationList.declarations.map(({ name }) => name);
      }
      if (ts.isClassDeclaration(one) || ts.isFunctionDeclaration(one)) {
        return [one.name];
      }
      const isOther =
        ts.isImportDeclaration(one) &&
        ts.isStringLiteral(one.moduleSpecifier) &&
        one.moduleSpecifier.text !== PACKAGE;
      const bindings = isOther ? one.importClause?.namedBindings : undefined;
      const named = bindings && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name) : [];
      return isOther ? [one.importClause?.name, ...named] : [];
    });
    const names = declared.map((one) => one?.getText());
    return asked.find((name) => names.includes(name)) ?? null;
  }

  /** Exports a constant of the module that is not yet. */
  exportValue(declaration: ts.Node, name: string): void {
    const start = this.statementOf(declaration).getStart();
    const isExported = this.all(this.ts.isExportSpecifier).some((one) => one.name.text === name);
    if (!isExported && !/^export\b/.test(this.text.slice(start))) {
      this.edits.push({ start, end: start, text: 'export ' });
    }
  }

  /** As the imports of this file have it: their quotes, and whether their lines end with a semicolon. */
  get style(): { readonly quote: string; readonly end: string } {
    const [model] = this.importDeclarations;
    return {
      quote: model?.moduleSpecifier.getText()[0] ?? "'",
      end: model?.getText().endsWith(';') === false ? '' : ';',
    };
  }

  private get importDeclarations(): readonly ts.ImportDeclaration[] {
    return this.ast.statements.filter(this.ts.isImportDeclaration);
  }

  private statementOf(node: ts.Node): ts.Node {
    return node.parent === this.ast ? node : this.statementOf(node.parent);
  }

  private get newLine(): string {
    return this.text.includes('\r\n') ? '\r\n' : '\n';
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
    const clause = specifier.parent.parent;
    if (!before && !after && clause.name) {
      this.edits.push({ start: clause.name.getEnd(), end: specifier.parent.getEnd(), text: '' });
    } else if (!before && !after) {
      const declaration = clause.parent;
      const end = /^[ \t]*\r?\n?/.exec(this.text.slice(declaration.getEnd()))?.[0].length ?? 0;
      this.edits.push({ start: declaration.getStart(), end: declaration.getEnd() + end, text: '' });
      this.dropped.add(declaration);
    } else {
      const start = before ? before.getEnd() : specifier.getStart();
      const end = before ? specifier.getEnd() : (after as ts.Node).getStart();
      this.edits.push({ start, end, text: '' });
    }
  }

  private importEdits(): readonly Edit[] {
    return [...this.imports].flatMap(([from, names]) => this.importEdit(from, [...names]));
  }

  private importEdit(from: string, names: readonly string[]): Edit | [] {
    const known = this.importDeclarations.flatMap((one) => {
      const bindings = one.importClause?.namedBindings;
      const isIt = this.ts.isStringLiteral(one.moduleSpecifier) && one.moduleSpecifier.text === from;
      const isOfValues = one.importClause?.isTypeOnly !== true;
      return isIt && isOfValues && bindings && this.ts.isNamedImports(bindings) ? [bindings] : [];
    });
    const here = known.flatMap(({ elements }) => elements.map(({ name }) => name.text));
    const missing = names.filter((name) => !here.includes(name.replace(/^type /, ''))).sort();
    const [last] = known[0]?.elements.slice(-1) ?? [];
    if (missing.length === 0) {
      return [];
    }
    if (last) {
      const start = last.getEnd();
      return { start, end: start, text: missing.map((name) => `, ${name}`).join('') };
    }
    const { quote, end } = this.style;
    const line = `import { ${missing.join(', ')} } from ${quote}${from}${quote}${end}`;
    // Behind those of packages, where most put it.
    const staying = this.importDeclarations.filter((one) => !this.dropped.has(one));
    const model =
      staying.findLast(({ moduleSpecifier }) => !/^.\./.test(moduleSpecifier.getText())) ?? staying.at(-1);
    const start = model?.getEnd() ?? 0;
    return { start, end: start, text: model ? this.newLine + line : line + this.newLine };
  }
}
