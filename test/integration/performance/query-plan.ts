import type pg from 'pg';
import type { SentStatement } from './sent-statements.js';

/** The cost of a statement as PostgreSQL measures it. */
export interface QueryCost {
  /** Pages touched, in memory or not. */
  readonly buffers: number;
  /** Of those, pages that were not in the server's memory. */
  readonly read: number;
  readonly milliseconds: number;
  readonly planningMilliseconds: number;
  readonly rows: number;
  /** Names of scans and of what they scan, outermost first, with the pages that each has touched. */
  readonly scans: readonly Scan[];
}

/** One kind of access; pages of the table that an index scan leads to count as its own. */
interface Scan {
  readonly name: string;
  readonly buffers: number;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

interface Explained {
  readonly Plan: PlanNode;
  readonly 'Execution Time': number;
  readonly 'Planning Time': number;
}

/** Runs the statement, parameters and all, under EXPLAIN (ANALYZE, BUFFERS). */
export async function explain(client: pg.Client, { text, values }: SentStatement): Promise<QueryCost> {
  const { rows } = await client.query<{ 'QUERY PLAN': readonly Explained[] }>(
    `explain (analyze, buffers, timing off, format json) ${text}`,
    [...values],
  );
  const explained = rows[0]?.['QUERY PLAN'][0];
  if (!explained) {
    throw new Error('PostgreSQL explained nothing.');
  }
  const { Plan: plan } = explained;
  return {
    buffers: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
    read: plan['Shared Read Blocks'],
    milliseconds: explained['Execution Time'],
    planningMilliseconds: explained['Planning Time'],
    rows: plan['Actual Rows'],
    scans: scansOf(plan),
  };
}

function scansOf(node: PlanNode): readonly Scan[] {
  const target = node['Index Name'] ?? node['Relation Name'];
  const name = target === undefined ? [] : [`${node['Node Type']} ${target}`];
  const buffers = node['Shared Hit Blocks'] + node['Shared Read Blocks'];
  return [...name.map((each) => ({ name: each, buffers })), ...(node.Plans ?? []).flatMap(scansOf)];
}
