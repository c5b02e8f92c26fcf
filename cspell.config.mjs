import { readFileSync } from 'node:fs';

const glossary = readFileSync(new URL('./docs/glossary.md', import.meta.url), 'utf8');
const marked = (pattern) => [...glossary.matchAll(pattern)].map(([, word]) => word);

/** Words in bold are ours; words in italics are refused, with their usual endings. */
const vocabulary = marked(/\*\*([\w -]+)\*\*/g).flatMap((term) => term.split(' '));
const refused = marked(/\b_([\w-]+)_\b/g).flatMap((word) => {
  const stem = word.replace(/e$/, '');
  return [word, `${word}s`, `${stem}ed`, `${stem}ing`];
});

/** @type {import('cspell').CSpellSettings} */
export default {
  version: '0.2',
  language: 'en-US',
  useGitignore: true,
  files: [
    '*.md',
    '{docs,libs/audit}/**/*.md',
    '{src,test,bench,tools,docs,libs/audit/src,libs/audit/ui}/**/*.{ts,tsx,mjs}',
    '*.mjs',
  ],
  // The SQL of migrations, and types generated from checked texts.
  ignorePaths: ['src/migrations/**', '**/audit-api.d.ts'],
  dictionaries: ['sql'],
  // A sentence begins with its subject; only questions begin with this word.
  flagWords: ['What', "What's", ...refused],
  words: [
    ...vocabulary,
    ...'mikro embeddables inlines pseudonymizes replayable undeleting'.split(' '),
    ...'autovacuum bigints bypassrls PGPASSWORD pgpass pkey plpgsql savepoints sslmode'.split(' '),
    ...'pooler poolers pgbouncer HMAC schedstat sigstore sumdb tlog KHTML'.split(' '),
    ...'Bemi bullmq Debezium Kysely pghistory usebetterdev'.split(' '),
    // People and texts of examples.
    ...'Aziz Dagesh Dalet Grüße Neumann Okri Tariq viton Xaver'.split(' '),
  ],
  // Texts of tests that are none.
  ignoreWords: ['Jaaaaaaaa', 'naem', 'Vtbzpk'],
  patterns: [
    { name: 'test name', pattern: /\b(?:it|describe)(?:\.\w+)*\(\s*(['`]).*?\1/g },
    { name: 'sentence', pattern: /(?<!\w)(['`])[A-Z][^'`\n]* [^'`\n]*\1/g },
    { name: 'placeholder', pattern: /\$\{[^}]*\}/g },
    { name: 'suppression', pattern: /biome-ignore \S+/g },
    { name: 'code in comment', pattern: /(?<=(?:^\s*\/?\*+|\/\/).*)`[^`\n]*`/gm },
    { name: 'code', pattern: /^```[\s\S]*?^```|`[^`\n]*`/gm },
    { name: 'link target', pattern: /\]\([^)]*\)/g },
    { name: 'refused word', pattern: /\b_[\w-]+_\b/g },
    { name: 'question', pattern: /\bWhat(?=\b[^.!?:\n]*\?)|\bwhat\b/g },
  ],
  ignoreRegExpList: ['question'],
  overrides: [
    { filename: '**/*.md', ignoreRegExpList: ['code', 'link target'] },
    { filename: 'docs/glossary.md', ignoreRegExpList: ['refused word'] },
    {
      filename: '**/*.{ts,tsx,mjs}',
      includeRegExpList: ['CStyleComment', 'sentence', 'test name'],
      ignoreRegExpList: ['code in comment', 'placeholder', 'suppression'],
    },
  ],
};
