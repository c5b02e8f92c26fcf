import { barChart } from './bar-chart.js';
import { labelOf } from './names.js';
import { ratioOf } from './ratio.js';
import type { BenchResult, Row } from './result.js';

/** CPU of flushes with each way to audit. Null when they were not measured. */
export function flushChart({ sections }: BenchResult): string | null {
  const rows = sections.find(({ id }) => id === 'flush')?.rows;
  if (!rows) {
    return null;
  }
  const groups = rows.map((row) => ({
    label: row.name,
    bars: Object.keys(row.variants).flatMap((variant) => barOf(row, variant)),
  }));
  return barChart({
    title: 'CPU of a flush, as a multiple of the same flush without audit',
    groups,
    limit: 6,
  });
}

/** CPU of peers beside ours. Null when they were not measured. */
export function peerChart({ sections }: BenchResult): string | null {
  const peers = sections.find(({ id }) => id === 'peers')?.rows;
  const own = sections.find(({ id }) => id === 'flush')?.rows ?? [];
  if (!peers) {
    return null;
  }
  const names = [...new Set(peers.map(({ name }) => name))];
  const groups = names.map((name) => ({
    label: name,
    bars: [...own, ...peers]
      .filter((row) => row.name === name)
      .flatMap((row) => Object.keys(row.variants).flatMap((variant) => barOf(row, variant)))
      .filter(({ label }) => !['floor', 'subscriber', 'entities', 'trigger'].map(labelOf).includes(label)),
  }));
  const title = 'CPU of the same work, as a multiple of the same ORM without audit';
  return barChart({ title, groups: groups.toSorted(byOperation), limit: 12 });
}

function barOf(row: Row, variant: string) {
  const ratio = ratioOf(row, variant);
  return ratio ? [{ label: labelOf(variant), value: ratio.cpu }] : [];
}

function byOperation(a: { readonly label: string }, b: { readonly label: string }): number {
  const order = ({ label }: { readonly label: string }) => {
    const [operation = '', size = ''] = label.split(' ');
    return ['insert', 'update', 'delete'].indexOf(operation) * 1e6 + Number(size);
  };
  return order(a) - order(b);
}
