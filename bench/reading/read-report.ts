import type { QueryCost } from '../../test/integration/performance/query-plan.js';
import type { TrailShape } from './fill-trail.js';

/** What was measured of one trail. */
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
depend on the machine. A history page costs a page of the table for each change, because the changes of one entity lie far apart,
and four (three of the index, one of the table) for its revision.

${table(HEAD, linesOf(result))}

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
    [...new Set(again.scans)].join(', '),
  ]);
}
