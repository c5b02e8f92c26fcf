import { TITLES } from './names.js';
import type { BenchResult } from './result.js';
import { type Table, tableOf } from './tables.js';

/** Everything that was measured, for a terminal. */
export function consoleReport({ environment, sections }: BenchResult): string {
  const lines = Object.entries(environment).map(([name, value]) => `${name.padEnd(11)} ${value}`);
  for (const section of sections) {
    lines.push('', TITLES[section.id], '', ...aligned(tableOf(section)));
    for (const [name, value] of Object.entries(section.extra ?? {})) {
      lines.push(`  ${name}: ${value.toFixed(1)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function aligned({ head, lines }: Table): string[] {
  const all = [head, ...lines];
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  return all.map((line) =>
    line
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
