import type { Summary } from '../measure/summary.js';
import { goalOf } from '../report/goals.js';
import type { Section } from '../report/result.js';
import { measureTransaction, type TransactionCost } from '../rows/transaction-row.js';
import type { BenchRun } from './bench-run.js';

/** One very large transaction. Measured once: it is long enough to be its own average. */
export async function transactionSection({ server, plan, progress }: BenchRun): Promise<Section> {
  const { transactionChanges: changes } = plan;
  progress.begin(`transaction of ${changes}`, plan.transaction);
  const plain = await measureTransaction('plain', await server.createDatabase('large_plain'), changes);
  progress.update(0.4);
  const audited = await measureTransaction('library', await server.createDatabase('large_library'), changes);
  return {
    id: 'transaction',
    rows: [
      {
        name: 'transaction',
        changes,
        base: summaryOf(plain),
        variants: { library: summaryOf(audited) },
        goal: goalOf('transaction'),
      },
    ],
    extra: {
      changes,
      plainPeakMegabytes: plain.peakBytes / 1e6,
      auditedPeakMegabytes: audited.peakBytes / 1e6,
      addedPeakMegabytes: (audited.peakBytes - plain.peakBytes) / 1e6,
      plainResidentMegabytes: plain.peakResidentBytes / 1e6,
      auditedResidentMegabytes: audited.peakResidentBytes / 1e6,
    },
  };
}

function summaryOf({ wall, node, server }: TransactionCost): Summary {
  return { repetitions: 1, wall, node, server };
}
