import type { BenchServer } from '../database/bench-server.js';
import type { Summary } from '../measure/summary.js';
import type { Plan } from '../plan.js';
import { goalOf } from '../report/goals.js';
import type { ProgressBar } from '../report/progress-bar.js';
import type { Row } from '../report/result.js';

/** Given to every section. */
export interface BenchRun {
  readonly server: BenchServer;
  readonly plan: Plan;
  readonly progress: ProgressBar;
}

/** The lines of one series, one per operation. */
export function rowsOf(
  series: ReadonlyMap<string, ReadonlyMap<string, Summary>>,
  { base, changes, nameOf }: { base: string; changes: number; nameOf: (operation: string) => string },
): Row[] {
  return [...(series.get(base) ?? [])].map(([operation, summary]) => {
    const name = nameOf(operation);
    const others = [...series].filter(([variant]) => variant !== base);
    const variants = others.flatMap(([variant, operations]) => {
      const own = operations.get(operation);
      return own ? [[variant, own] as const] : [];
    });
    return { name, changes, base: summary, variants: Object.fromEntries(variants), goal: goalOf(name) };
  });
}
