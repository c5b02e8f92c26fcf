// Writes docs/05-api.md from the exports of the library and their doc comments: node docs/generate-api.mjs
// With --check it writes nothing and fails when the page is not up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { exampleFiles, findExamples } from './api-examples.mjs';
import { headingAnchors } from './heading-anchors.mjs';

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..');
const LIBRARY = join(PROJECT, 'libs/audit/src');
const PAGE = join(PROJECT, 'docs/05-api.md');

const HEAD = `# API

Everything that \`nestjs-mikro-audit\`, \`nestjs-mikro-audit/http\` and \`nestjs-mikro-audit/testing\` export, with the comments of its source, and
with examples from the samples of the guides and from the reference app. Written by \`node docs/generate-api.mjs\`; do not edit.
`;

/** Methods that Nest and MikroORM call. */
const FRAMEWORK_HOOKS = new Set([
  ...['configure', 'onModuleInit', 'onModuleDestroy', 'onApplicationBootstrap', 'intercept', 'catch'],
  ...['nativeInsert', 'nativeInsertMany', 'nativeUpdate', 'nativeUpdateMany', 'nativeDelete'],
  ...['syncCollections', 'convertException', 'guardStatements', 'hasMissed', 'hasHitAll'],
]);

/** Sections in the order of the page, by the folder that an export comes from. */
const SECTIONS = [
  ['Module and options', /^(?:audit\.module|options\/)/],
  ['Policies', /^policy\//],
  ['Who and why', /^(?:context|write)\//],
  ['Reading', /^(?:query|sequence)\//],
  ['Restoring', /^restore\//],
  ['Evidence', /^(?:evidence|proofs)\//],
  ['Baseline and check', /^coverage\//],
  ['Read models', /^(?:model|serialize)\//],
  ['Tables, driver and triggers', /^(?:store|capture|triggers)\//],
  ['Errors', /^errors\//],
  ['HTTP (nestjs-mikro-audit/http)', /^http\//],
  ['Testing (nestjs-mikro-audit/testing)', /^testing\//],
];

const { config } = ts.readConfigFile(join(PROJECT, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, PROJECT);
const indexes = ['index.ts', 'http/index.ts', 'testing/index.ts'].map((path) => join(LIBRARY, path));
const samples = exampleFiles(PROJECT);
const program = ts.createProgram([...indexes, ...samples], { ...options, noEmit: true });
const checker = program.getTypeChecker();

const exported = indexes
  .flatMap((index) => checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(index))))
  .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
  .map((symbol) => {
    const declaration = symbol.declarations.find((one) => !ts.isModuleDeclaration(one));
    const file = relative(LIBRARY, declaration.getSourceFile().fileName);
    return { name: symbol.name, symbol, declaration, file };
  });

const examples = findExamples(program, samples, PROJECT);
const users = usersOfTypes();
const anchors = headingAnchors(SECTIONS.flatMap(([title, pattern]) => [title, ...namesIn(pattern)]));
const page = [HEAD, contents(), ...SECTIONS.map(([title, pattern]) => section(title, pattern))].join('\n');
const forgotten = exported.filter(({ file }) => !SECTIONS.some(([, pattern]) => pattern.test(file)));
if (forgotten.length > 0) {
  throw new Error(
    `docs/generate-api.mjs has no section for ${forgotten.map(({ name }) => name).join(', ')}.`,
  );
}
if (process.argv.includes('--check')) {
  if (readFileSync(PAGE, 'utf8') !== page) {
    console.error('docs/05-api.md is not up to date. Run: node docs/generate-api.mjs');
    process.exitCode = 1;
  }
} else {
  writeFileSync(PAGE, page);
}

function contents() {
  const lines = SECTIONS.map(([title, pattern]) => {
    return `- ${link(title)}: ${namesIn(pattern).map(link).join(', ')}`;
  });
  return `${lines.join('\n')}\n`;
}

function namesIn(pattern) {
  return exported.filter(({ file }) => pattern.test(file)).map(({ name }) => name);
}

function section(title, pattern) {
  const members = exported.filter(({ file }) => pattern.test(file)).map(entry);
  return [`## ${title}\n`, ...members].join('\n');
}

function entry({ name, symbol, declaration }) {
  const comment = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
  const tags = symbol
    .getJsDocTags(checker)
    .filter((tag) => ['throws', 'returns', 'param'].includes(tag.name));
  const lines = tags.map((tag) => `- ${tag.name} ${inline(ts.displayPartsToString(tag.text))}`);
  const used = users.get(declaration) ?? [];
  return [
    `### ${name}\n`,
    ...(comment === '' ? [] : [`${comment}\n`]),
    ...(lines.length === 0 ? [] : [`${lines.join('\n')}\n`]),
    `\`\`\`typescript\n${signature(name, declaration)}\n\`\`\`\n`,
    ...codeOf(name).map(
      (code) => `Explained under [${code}](06-troubleshooting.md#${code.toLowerCase()}).\n`,
    ),
    ...examplesOf(name, symbol, declaration),
    ...(used.length === 0 ? [] : [`Used by ${used.map(link).join(', ')}.\n`]),
  ].join('\n');
}

/** One of the name itself, and one of each member. */
function examplesOf(name, { declarations }, { members = [] }) {
  const own = declarations.map((one) => examples.get(one)).find((one) => one);
  const lines = [
    ...(own ? [exampleLine('', own)] : []),
    ...members.flatMap((member) => {
      const example = examples.get(member);
      return example ? [exampleLine(`${code(member.name.getText())}: `, example)] : [];
    }),
  ];
  return lines.length === 0 ? [] : [`Examples of ${code(name)}:\n`, `${lines.join('\n')}\n`];
}

function exampleLine(member, { code: text, place }) {
  return `- ${member}${code(text)} ([${basename(place)}](${relative(dirname(PAGE), join(PROJECT, place))}))`;
}

/** The code of an error, which the page of errors explains. */
function codeOf(name) {
  const text = readFileSync(join(PROJECT, 'docs/06-troubleshooting.md'), 'utf8');
  const [, found] = text.match(new RegExp(`^### (AUDIT_\\w+)\\n\\n(?:(?!^#)[^])*?\`${name}\``, 'm')) ?? [];
  return found && name.endsWith('Error') ? [found] : [];
}

/** The names whose signatures have a type in them, by the declaration of the type. */
function usersOfTypes() {
  const found = new Map(exported.map(({ declaration }) => [declaration, []]));
  for (const { name, declaration } of exported) {
    const seen = new Set([declaration]);
    const visit = (node) => {
      const isHidden =
        ts.getCombinedModifierFlags(node) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected);
      if (ts.isBlock(node) || (ts.isClassElement(node) && isHidden)) return;
      const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
      const named = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      for (const target of named?.declarations ?? []) {
        if (found.has(target) && !seen.has(target)) {
          seen.add(target);
          found.get(target).push(name);
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(declaration);
  }
  return found;
}

function link(name) {
  return `[${name}](#${anchors.get(name)})`;
}

function code(text) {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function inline(text) {
  return text.replace(/\s+/g, ' ').replace(/^- /, '').trim();
}

function signature(name, declaration) {
  if (ts.isFunctionDeclaration(declaration)) {
    return withoutBody(declaration);
  }
  if (ts.isClassDeclaration(declaration)) {
    return classSignature(name, declaration);
  }
  if (ts.isVariableDeclaration(declaration)) {
    return `const ${name}: ${checker.typeToString(checker.getTypeAtLocation(declaration), undefined, ts.TypeFormatFlags.NoTruncation)};`;
  }
  const text = declaration.getText().replace(/^export /, '');
  return text.replaceAll(/\n *\/\*\*(?:(?!\*\/)[\s\S])*@internal[\s\S]*?\*\/\n.*(?=\n)/g, '');
}

function classSignature(name, declaration) {
  const heritage = (declaration.heritageClauses ?? [])
    .filter(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)
    .map((clause) => ` ${clause.getText()}`);
  const members = declaration.members.flatMap((member) => memberSignature(member) ?? []);
  const isAbstract = ts.getModifiers(declaration)?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword);
  const head = `${isAbstract ? 'abstract ' : ''}class ${name}${heritage.join('')}`;
  return members.length === 0 ? `${head} {}` : `${head} {\n${members.join('\n\n')}\n}`;
}

/** Undefined for what a user neither calls nor reads. */
function memberSignature(member) {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  if (ts.getCombinedModifierFlags(member) & hidden || ts.getJSDocTags(member).some(isInternal)) {
    return undefined;
  }
  if (ts.isConstructorDeclaration(member)) {
    // Injected classes are made by Nest; those of plain values have public members in the constructor.
    const members = member.parameters.filter(
      (parameter) => ts.getCombinedModifierFlags(parameter) & ts.ModifierFlags.Readonly,
    );
    const visible = members.filter((parameter) => !(ts.getCombinedModifierFlags(parameter) & hidden));
    return visible.length === 0
      ? undefined
      : visible.map((one) => indented(commented(one, `${one.getText()};`))).join('\n');
  }
  const isFramework = FRAMEWORK_HOOKS.has(member.name?.getText());
  if (isFramework) {
    return undefined;
  }
  return ts.isMethodDeclaration(member) || ts.isGetAccessorDeclaration(member)
    ? indented(commented(member, withoutBody(member)))
    : indented(commented(member, `${member.getText().replace(/ = [\s\S]*?;$/, ';')}`));
}

function isInternal(tag) {
  return tag.tagName.text === 'internal';
}

function withoutBody(declaration) {
  const text = declaration.getText().replace(/;$/, '');
  const body = declaration.body ? declaration.body.getText() : '';
  const head = text.slice(0, text.length - body.length).trim();
  return `${head.replace(/^export /, '').replace(/\b(?:async|override) (?=\w+[(<]|function )/, '')};`;
}

function commented(node, text) {
  const [range] = ts.getLeadingCommentRanges(node.getSourceFile().text, node.getFullStart()) ?? [];
  const comment = range && node.getSourceFile().text.slice(range.pos, range.end);
  const plain = text.replace(/^\/\*\*[\s\S]*?\*\/\s*/, '');
  return comment?.startsWith('/**') ? `${comment.replace(/\n\s+\*/g, '\n *')}\n${plain}` : plain;
}

/** Lines of the source have the indent of a member already, save the first one and those of comments. */
function indented(text) {
  return text
    .split('\n')
    .map((line) => (/^ {2}/.test(line) ? line : `  ${line}`))
    .join('\n');
}
