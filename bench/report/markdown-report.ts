import { METHOD, NOTES } from './commentary.js';
import { MEMORY_GOAL } from './goals.js';
import { TITLES } from './names.js';
import { PROFILE } from './profile.js';
import type { BenchResult, Section } from './result.js';
import { type Table, tableOf } from './tables.js';
import { floorSentences, floorTable, missedSentences } from './where-time-goes.js';

/** `docs/benchmarks.md`. The charts lie beside it. */
export function markdownReport(result: BenchResult): string {
  const parts = ['# Benchmarks', 'Written by `npm run bench`; do not edit.', METHOD];
  parts.push(markdownTable({ head: ['', ''], lines: Object.entries(result.environment) }));
  if (result.isQuick) {
    parts.push('This was a quick run (`--quick`): it shows the direction, not the second digit.');
  }
  for (const section of result.sections) {
    parts.push(`## ${TITLES[section.id]}`, NOTES[section.id]);
    if (section.id === 'flush' || section.id === 'peers') {
      parts.push(`![CPU ratios](benchmarks-${section.id}.svg)`);
    }
    parts.push(markdownTable(tableOf(section)), ...extraOf(section));
    if (section.id === 'flush') {
      parts.push('### Where the time goes', markdownTable(floorTable(section)), ...floorSentences(section));
      parts.push(PROFILE);
    } else {
      parts.push(...missedSentences(section));
    }
  }
  return `${parts.join('\n\n')}\n`;
}

function extraOf({ id, extra = {} }: Section): string[] {
  if (id === 'network') {
    return [`One round trip took ${extra.roundTripMilliseconds?.toFixed(2)} ms.`];
  }
  if (id === 'transaction') {
    const megabytes = (name: string) => (extra[name] ?? 0).toFixed(0);
    const added = (extra.auditedResidentMegabytes ?? 0) - (extra.plainResidentMegabytes ?? 0);
    const verdict = added <= MEMORY_GOAL ? 'reached' : 'not reached';
    return [
      `Inserts of ${extra.changes} orders with flushes of 1,000. The process had ${megabytes('plainResidentMegabytes')} MB at most without audit and ${megabytes('auditedResidentMegabytes')} MB with it: ${added.toFixed(0)} MB added (goal: at most ${MEMORY_GOAL} MB for 100,000 changes; ${verdict}). Without garbage, after the flushes: ${megabytes('plainPeakMegabytes')} MB and ${megabytes('auditedPeakMegabytes')} MB above the idle process.`,
    ];
  }
  return [];
}

function markdownTable({ head, lines }: Table): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), `|${head.map(() => '---|').join('')}`, ...lines.map(row)].join('\n');
}
