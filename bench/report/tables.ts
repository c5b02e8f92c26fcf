import { cpuOf } from '../measure/summary.js';
import { labelOf } from './names.js';
import { ratioOf, verdictOf } from './ratio.js';
import type { Row, Section } from './result.js';

/** A table as texts, for the console and for Markdown. */
export interface Table {
  readonly head: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** The figures of a section. Ratios are wall / CPU. */
export function tableOf(section: Section): Table {
  switch (section.id) {
    case 'peers':
      return peerTable(section);
    case 'context':
      return contextTable(section);
    case 'throughput':
      return throughputTable(section);
    default:
      return ratioTable(section);
  }
}

function ratioTable({ rows }: Section): Table {
  const variants = [...new Set(rows.flatMap((row) => Object.keys(row.variants)))];
  return {
    head: [
      '',
      'goal',
      'reached',
      ...variants.map(labelOf),
      'no audit, wall / CPU ms',
      'added µs per change, node + server',
    ],
    lines: rows.map((row) => [
      row.name,
      row.goal
        ? `${row.goal.ratio.toFixed(2)}${row.goal.of === 'wall and cpu' ? '' : ` ${row.goal.of}`}`
        : '',
      verdictOf(row),
      ...variants.map((variant) => ratioText(row, variant)),
      `${milliseconds(row.base.wall)} / ${milliseconds(cpuOf(row.base))}`,
      addedText(row, row.goal?.variant ?? 'library'),
    ]),
  };
}

function peerTable({ rows }: Section): Table {
  return {
    head: ['', '', 'ratio, wall / CPU', 'without audit, wall / CPU ms', 'added µs per change, node + server'],
    lines: rows.flatMap((row) =>
      Object.keys(row.variants).map((variant) => [
        labelOf(variant),
        row.name,
        ratioText(row, variant),
        `${milliseconds(row.base.wall)} / ${milliseconds(cpuOf(row.base))}`,
        addedText(row, variant),
      ]),
    ),
  };
}

function contextTable({ rows }: Section): Table {
  return {
    head: ['', 'context', 'CPU µs per request', 'ratio', 'goal', 'reached'],
    lines: rows.flatMap((row) => [
      [row.name, labelOf('none'), row.base.node.toFixed(1), '1.00', '', ''],
      ...Object.entries(row.variants).map(([variant, { node }]) => [
        row.name,
        labelOf(variant),
        node.toFixed(1),
        (node / row.base.node).toFixed(2),
        ...(variant === row.goal?.variant ? [row.goal.ratio.toFixed(2), verdictOf(row)] : ['', '']),
      ]),
    ]),
  };
}

function throughputTable({ rows, extra }: Section): Table {
  const perSecond = (wall: number) => String(Math.round(1e6 / wall));
  return {
    head: ['clients', '', 'goal', 'reached', 'ratio', 'flushes per second, no audit', 'audited', 'CPU ratio'],
    lines: rows.flatMap((row) =>
      Object.entries(row.variants).map(([variant, { wall }]) => [
        String(extra?.clients ?? ''),
        labelOf(variant),
        row.goal?.variant === variant ? `>= ${row.goal.ratio.toFixed(2)}` : '',
        row.goal?.variant === variant ? verdictOf(row) : '',
        (row.base.wall / wall).toFixed(2),
        perSecond(row.base.wall),
        perSecond(wall),
        ratioOf(row, variant)?.cpu.toFixed(2) ?? '',
      ]),
    ),
  };
}

function ratioText(row: Row, variant: string): string {
  const ratio = ratioOf(row, variant);
  return ratio ? `${ratio.wall.toFixed(2)} / ${ratio.cpu.toFixed(2)}` : '';
}

function addedText(row: Row, variant: string): string {
  const added = ratioOf(row, variant)?.added;
  return added ? `${added.node.toFixed(0)} + ${added.server === null ? '?' : added.server.toFixed(0)}` : '';
}

function milliseconds(microseconds: number): string {
  return (microseconds / 1_000).toFixed(microseconds < 10_000 ? 2 : 0);
}
