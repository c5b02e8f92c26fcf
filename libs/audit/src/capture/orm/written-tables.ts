/** A table as a statement names it; the schema is null where it does not. */
export interface WrittenTable {
  readonly schema: string | null;
  readonly name: string;
}

/** Statements that write rows begin so, or have it inside: a common table expression, an `explain analyze`. */
const MAY_WRITE = /\b(?:insert|update|delete|merge|truncate|copy)\b/i;

/** Texts, comments and quoted names, in which words of SQL mean nothing. */
const QUOTED =
  /\be'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\//gi;

/** Quoted names stand here by their number. */
const NAME = String.raw`(?:"\d+"|[\p{L}_][\p{L}\p{N}_$]*)`;

const WRITE = new RegExp(
  String.raw`\b(insert\s+into|update(?:\s+only)?|delete\s+from(?:\s+only)?|merge\s+into(?:\s+only)?|truncate(?:\s+table)?(?:\s+only)?|copy)\s+(${NAME}(?:\s*\.\s*${NAME})?)`,
  'giu',
);

/** Before the word `update` where it is no statement: locks, actions of `on conflict`, `merge` and foreign keys. */
const NO_STATEMENT = /\b(?:for|for\s+no\s+key|do|then|on|before|after|or|instead\s+of)\s*$/i;

/** Words that follow `update` in `for update of`, `skip locked` and the like, and are no tables. */
const NO_TABLES: ReadonlySet<string> = new Set(['set', 'of', 'nowait', 'skip']);

/**
 * The tables that a statement writes itself, by its text; not those of functions, triggers and `do` blocks. Long texts are
 * read as a whole: a statement may write after its first table.
 */
export function writtenTables(sql: string): readonly WrittenTable[] {
  if (!MAY_WRITE.test(sql)) {
    return [];
  }
  const quotedNames: string[] = [];
  const text = sql.replace(QUOTED, (quoted) =>
    quoted.startsWith('"') ? `"${quotedNames.push(quoted.slice(1, -1).replaceAll('""', '"')) - 1}"` : ' ',
  );
  const tableOf = (name: string): WrittenTable => {
    // PostgreSQL takes a name that is not quoted for lower case.
    const [first = '', second] = (name.match(new RegExp(NAME, 'giu')) ?? []).map((part) =>
      part.startsWith('"') ? (quotedNames[Number(part.slice(1, -1))] ?? '') : part.toLowerCase(),
    );
    return second === undefined ? { schema: null, name: first } : { schema: first, name: second };
  };
  const names: string[] = [];
  for (const { index, 1: verb = '', 2: name = '' } of text.matchAll(WRITE)) {
    const isStatement = !NO_STATEMENT.test(text.slice(Math.max(0, index - 24), index));
    if (isStatement && !NO_TABLES.has(name.toLowerCase())) {
      names.push(name, ...(/^truncate/i.test(verb) ? furtherNames(text.slice(index)) : []));
    }
  }
  return names.map(tableOf);
}

/** `truncate` takes several tables. */
function furtherNames(statement: string): readonly string[] {
  const [list = ''] = /^[^;]*/.exec(statement) ?? [];
  return list
    .split(',')
    .slice(1)
    .flatMap((one) => new RegExp(String.raw`${NAME}(?:\s*\.\s*${NAME})?`, 'iu').exec(one)?.[0] ?? []);
}
