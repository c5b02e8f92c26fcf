// Where code that users may read uses the public names: the samples of the guides, and the reference app. Both are compiled and run.
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** Folders, the one to be quoted first. */
const SOURCES = ['docs/samples', 'src'];

/** Characters of a piece of code that is quoted. */
const LONGEST = 160;

const isPiece = (node) =>
  ts.isExpression(node) ||
  ts.isStatement(node) ||
  ts.isDecorator(node) ||
  ts.isTypeNode(node) ||
  ts.isHeritageClause(node) ||
  ts.isParameter(node) ||
  ts.isPropertyDeclaration(node) ||
  ts.isObjectLiteralElement(node);

export function exampleFiles(project) {
  return SOURCES.flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && file.name.endsWith('.ts') && !file.name.endsWith('.spec.ts'))
      .map((file) => join(file.parentPath, file.name))
      .sort(),
  );
}

/** By declaration of the library, the shortest piece of the first file that uses it, as `{ code, place }`. */
export function findExamples(program, files, project) {
  const checker = program.getTypeChecker();
  const found = new Map();
  const collect = (node, source, place) => {
    if (ts.isImportDeclaration(node)) return;
    const code = ts.isIdentifier(node) ? pieceAround(node, source) : undefined;
    const declarations = code === undefined ? [] : (symbolOf(node, checker)?.declarations ?? []);
    for (const declaration of declarations) {
      const known = found.get(declaration);
      if (!known || (known.place === place && code.length < known.code.length)) {
        found.set(declaration, { code, place });
      }
    }
    ts.forEachChild(node, (child) => collect(child, source, place));
  };
  for (const file of files) {
    const source = program.getSourceFile(file);
    collect(source, source, relative(project, file));
  }
  return found;
}

/** Of the name of an option in an object, the declaration of that option. */
function symbolOf(node, checker) {
  const { parent } = node;
  if (ts.isObjectLiteralElement(parent) && parent.name === node) {
    const type = checker.getContextualType(parent.parent);
    const parts = type?.isUnion() ? type.types : [type];
    return parts.map((part) => part && checker.getPropertyOfType(part, node.text)).find((one) => one);
  }
  const symbol = checker.getSymbolAtLocation(node);
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The largest piece around a name that fits into a line; of one that does not, the beginning. */
function pieceAround(name, source) {
  let piece;
  for (let node = name.parent; node && node !== source; node = node.parent) {
    const text = node.getText(source).replaceAll(/\s+/g, ' ').trim();
    if (text.length > LONGEST) return piece ?? `${text.slice(0, LONGEST)} ...`;
    if (isPiece(node)) piece = text;
  }
  return piece;
}
