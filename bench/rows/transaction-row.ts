import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Cost } from '../measure/cost.js';

/** Of one transaction, in microseconds. */
export interface TransactionCost extends Cost {
  /** Live memory (heap and buffers, without garbage) at its highest, above that of the idle process. */
  readonly peakBytes: number;
  /** The most memory that the process ever had, garbage and program included. */
  readonly peakResidentBytes: number;
}

const run = promisify(execFile);
const loader = fileURLToPath(new URL('../../test/e2e/typescript-loader.mjs', import.meta.url));
const program = fileURLToPath(new URL('./transaction-process.ts', import.meta.url));

/** Inserts so many orders in one transaction with flushes of 1,000, in a process of its own. */
export async function measureTransaction(
  contender: 'plain' | 'library',
  url: string,
  changes: number,
): Promise<TransactionCost> {
  const flags = ['--expose-gc', '--no-warnings', '--import', loader];
  const { stdout } = await run(process.execPath, [...flags, program, contender, url, String(changes)]);
  return JSON.parse(stdout) as TransactionCost;
}
