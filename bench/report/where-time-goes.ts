import { cpuOf } from '../measure/summary.js';
import { type Ratio, ratioOf, verdictOf } from './ratio.js';
import type { Row, Section } from './result.js';
import type { Table } from './tables.js';

/** A row in which both this library and the floor were measured. */
interface Compared {
  readonly row: Row;
  readonly own: Ratio;
  readonly floor: Ratio;
}

/** The cost of this library beyond the least that an application can do for an audit. */
export function floorTable({ rows }: Section): Table {
  return {
    head: [
      '',
      'goal',
      'floor, CPU',
      'nestjs-mikro-audit, CPU',
      'floor, added µs per change, node + server',
      'nestjs-mikro-audit, added',
      'beyond the floor',
    ],
    lines: comparedOf(rows).map(({ row, own, floor }) => [
      row.name,
      row.goal?.ratio.toFixed(2) ?? '',
      floor.cpu.toFixed(2),
      own.cpu.toFixed(2),
      microseconds(floor.added),
      microseconds(own.added),
      microseconds({
        node: own.added.node - floor.added.node,
        server: (own.added.server ?? 0) - (floor.added.server ?? 0),
      }),
    ]),
  };
}

/** Says only what the figures of this run show. */
export function floorSentences({ rows }: Section): string[] {
  const compared = comparedOf(rows);
  const goals = compared.filter(({ row }) => row.goal !== null);
  const isAbove = (ratio: Ratio, { goal }: Row) => Number(ratio.cpu.toFixed(2)) > (goal?.ratio ?? 0);
  const missed = goals.filter(({ row, own }) => isAbove(own, row));
  const impossible = missed.filter(({ row, floor }) => isAbove(floor, row));
  const possible = missed.filter(({ row, floor }) => !isAbove(floor, row));
  return [
    ...(impossible.length > 0
      ? [
          `The floor itself is above the goal (CPU) for ${namesOf(impossible)}: in this environment no audit that an application writes into these tables can reach it.`,
        ]
      : []),
    ...(possible.length > 0
      ? [
          `Missed although the floor is below the goal: ${possible
            .map(
              ({ row, own, floor }) =>
                `${row.name}, where ${percent(own.added.node - floor.added.node, row)} of the unaudited flush is spent in Node and ${percent((own.added.server ?? 0) - (floor.added.server ?? 0), row)} in PostgreSQL beyond the floor`,
            )
            .join('; ')}.`,
        ]
      : []),
    ...compared
      .filter(({ row }) => row.changes === 1 || row.changes === 1_000)
      .filter(({ row }) => row.name.startsWith('update'))
      .map(({ row, own, floor }) => shareOf(row, own, floor)),
  ];
}

/** Of other sections: what was missed, and whether the floor was within the goal. */
export function missedSentences({ rows }: Section): string[] {
  return rows.flatMap((row) => {
    const { goal } = row;
    const [own, floor] = [ratioOf(row, 'library'), ratioOf(row, 'floor')];
    if (goal?.variant !== 'library' || verdictOf(row) === 'yes' || !own || !floor) {
      return [];
    }
    const figure = ({ wall, cpu }: Ratio) =>
      (goal.of === 'throughput' ? 1 / wall : goal.of === 'cpu' ? cpu : wall).toFixed(2);
    const isWithin =
      goal.of === 'throughput' ? Number(figure(floor)) >= goal.ratio : Number(figure(floor)) <= goal.ratio;
    return [
      `The goal of ${goal.ratio.toFixed(2)} is missed with ${figure(own)}. The floor has ${figure(floor)}, which is ${isWithin ? 'within' : 'beyond'} it${isWithin ? '' : ': no audit that an application writes into these tables reaches it here'}.`,
    ];
  });
}

function shareOf({ name, changes }: Row, own: Ratio, floor: Ratio): string {
  const unit = changes === 1 ? 'it' : 'each change';
  return `${name}: of the ${sum(own)} µs that ${unit} costs, ${sum(floor)} are the floor, which is ${Math.round(floor.added.server ?? 0)} in PostgreSQL (the rows and their index entries, and the message) and ${Math.round(floor.added.node)} in Node (one awaited statement, and JSON of the values).`;
}

function comparedOf(rows: readonly Row[]): readonly Compared[] {
  return rows.flatMap((row) => {
    const [own, floor] = [ratioOf(row, 'library'), ratioOf(row, 'floor')];
    return own && floor ? [{ row, own, floor }] : [];
  });
}

function namesOf(compared: readonly Compared[]): string {
  return compared.map(({ row, floor }) => `${row.name} (${floor.cpu.toFixed(2)})`).join(', ');
}

function percent(microsecondsPerChange: number, { base, changes }: Row): string {
  return `${Math.round((microsecondsPerChange * changes * 100) / cpuOf(base))} %`;
}

function sum({ added }: Ratio): number {
  return Math.round(added.node + (added.server ?? 0));
}

function microseconds({ node, server }: { readonly node: number; readonly server: number | null }): string {
  return `${node.toFixed(0)} + ${server === null ? '?' : server.toFixed(0)}`;
}
