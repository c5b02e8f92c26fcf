/** A table as a statement names it; the schema is null where it does not. */
export interface WrittenTable {
  readonly schema: string | null;
  readonly name: string;
}

/** Statements that write rows begin so, or have it inside: a common table expression, an `explain analyze`. */
const MAY_WRITE = /\b(?:insert|update|delete|merge|truncate|copy)\b/i;

const RUNS_OTHERS = /^[\s(;]*(?:call|do|execute)\b/i;

/** A select of nothing but a function, unless it is one of those that everybody selects. */
const SELECTS_FUNCTION =
  /^[\s(;]*select\s+(?:\*\s+from\s+)?(?!(?:count|sum|min|max|avg|coalesce|nextval|currval|setval|set_config|current_setting|now|version|pg_\w+|json\w*|array_\w+|to_\w+|exists)\s*\()(?:"[^"]+"|[a-z_]\w*)(?:\s*\.\s*(?:"[^"]+"|[a-z_]\w*))?\s*\(/i;

/** Whether a statement runs others, of which its text need not tell what they write; functions deep inside of it may in any case. */
export function runsOthers(sql: string): boolean {
  return RUNS_OTHERS.test(sql) || SELECTS_FUNCTION.test(sql);
}

const SAVEPOINT = /^[\s(;]*savepoint\b/i;
const BACK_TO_SAVEPOINT = /^[\s(;]*rollback\s+(?:(?:work|transaction)\s+)?to\b/i;

/** Tells the statements of savepoints that the application makes itself, of which MikroORM knows nothing; null for all others. */
export function savepointStep(sql: string): 'opens' | 'goes back' | null {
  return SAVEPOINT.test(sql) ? 'opens' : BACK_TO_SAVEPOINT.test(sql) ? 'goes back' : null;
}

/**
 * Texts, comments and quoted names, in which words of SQL mean nothing. A text may have millions of characters, for each of which an
 * alternative would take of the stack. Quotes that are doubled in a text without escapes make two texts of it, which does not matter.
 */
const QUOTED =
  /\be'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'|'[^']*'|"[^"]*(?:""[^"]*)*"|(?<![\w$])\$((?:[a-z_]\w*)?)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//gi;

/** Quoted names stand here by their number. */
const PART = String.raw`(?:"\d+"|[\p{L}_][\p{L}\p{N}_$]*)`;

/** With the schema, and with the database that one is in anyway. */
const NAME = String.raw`${PART}(?:\s*\.\s*${PART}){0,2}`;

const WRITE = new RegExp(
  String.raw`\b(insert\s+into|(?:update|delete\s+from|merge\s+into|truncate(?:\s+table)?)(?:\s+only\b\s*\(?)?|copy)(?:\s+|(?<=\()|(?="))(${NAME})`,
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
    const parts = (name.match(new RegExp(PART, 'giu')) ?? []).map((part) =>
      part.startsWith('"') ? (quotedNames[Number(part.slice(1, -1))] ?? '') : part.toLowerCase(),
    );
    return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' };
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
    .flatMap((one) => new RegExp(NAME, 'iu').exec(one.replace(/^\s*only\b/i, ''))?.[0] ?? []);
}
