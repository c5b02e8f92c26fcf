import type { QueryCost } from '../../test/integration/performance/query-plan.js';
import type { TrailShape } from './fill-trail.js';

/** The figures of one trail. */
export interface ReadResult {
  readonly version: string;
  readonly shape: TrailShape;
  /** How long it took to fill. */
  readonly seconds: number;
  readonly sizes: readonly { readonly name: string; readonly megabytes: number }[];
  /** Each query twice: as it came, and again with its pages in memory. */
  readonly queries: readonly {
    readonly name: string;
    readonly first: QueryCost;
    readonly again: QueryCost;
  }[];
}

/** Pages that the server may touch for 50 items. */
const MOST_BUFFERS = 60;

const HEAD = ['query', 'rows', 'buffers', 'ms, first', 'ms, again', 'ms, planning', 'scans'];

export function readText(result: ReadResult): string {
  const lines = [HEAD, ...linesOf(result)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const pad = (line: readonly string[]) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  const sizes = result.sizes.map(
    ({ name, megabytes }) => `  ${name.padEnd(34)} ${String(megabytes).padStart(6)} MB`,
  );
  return [summary(result), ...sizes, '', ...lines.map((line) => pad(line).join('  ').trimEnd()), ''].join(
    '\n',
  );
}

/** `docs/benchmarks-read.md`. */
export function readMarkdown(result: ReadResult): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const table = (head: readonly string[], lines: readonly (readonly string[])[]) =>
    [row(head), `|${head.map(() => '---|').join('')}`, ...lines.map(row)].join('\n');
  return `# Benchmarks: reading

Written by \`npm run bench:read\`; do not edit.

${summary(result)}.

The statements are those that \`AuditReader\` sent when it was asked, run again under \`EXPLAIN (ANALYZE, BUFFERS)\`; pages have
50 items. A buffer is a page of 8 KB that the server touched, in memory or not. Buffers are what to compare: they do not
depend on the machine. In the last column are the pages of each scan.

${table(HEAD, linesOf(result))}

${goalText(result)}

## Size

${table(
  ['', 'MB'],
  result.sizes.map(({ name, megabytes }) => [name, String(megabytes)]),
)}
`;
}

function summary({ version, shape, seconds }: ReadResult): string {
  const number = (value: number) => value.toLocaleString('en-US');
  return `PostgreSQL ${version}; ${number(shape.changes)} changes in ${number(shape.revisions)} revisions, of ${number(shape.entities)} entities by ${number(shape.actors)} actors, filled in ${seconds.toFixed(0)} s`;
}

function linesOf({ queries }: ReadResult): string[][] {
  return queries.map(({ name, first, again }) => [
    name,
    String(again.rows),
    String(again.buffers),
    first.milliseconds.toFixed(2),
    again.milliseconds.toFixed(2),
    again.planningMilliseconds.toFixed(2),
    scansText(again),
  ]);
}

/** The scans with the pages of each; those of one name together. */
function scansText({ scans }: QueryCost): string {
  const names = [...new Set(scans.map(({ name }) => name))];
  return names
    .map((name) => {
      const buffers = scans
        .filter((scan) => scan.name === name)
        .reduce((total, scan) => total + scan.buffers, 0);
      return `${name} (${buffers})`;
    })
    .join(', ');
}

/** Compares the figures of this run with the goal. */
function goalText({ queries }: ReadResult): string {
  const pages = queries.filter(({ name }) => !name.startsWith('a revision'));
  const within = pages.filter(({ again }) => again.buffers <= MOST_BUFFERS);
  const beyond = pages.filter(({ again }) => again.buffers > MOST_BUFFERS);
  const list = (some: typeof pages) =>
    some.map(({ name, again }) => `${name} (${again.buffers})`).join('; ') || 'none';
  return `The goal is at most ${MOST_BUFFERS} buffers a page. Within it: ${list(within)}. Beyond it: ${list(beyond)}.

The changes of one entity are made by transactions far apart, so each of their revisions is another place in the index and
another page of the table: four buffers for each. That is why a change has who, when and why itself, and only what is asked for
with \`details\` is looked up, and that only for a further change: the first one has all of its revision. A revision in a list says how
many changes of each type it has, so its further changes are looked up.
The state of an entity reads all its changes since its creation; with very many that is no page any more.`;
}
