import { type ComparableChange, foldChanges, placeOf, printSide } from './change.js';
import { compareChange } from './comparison.js';
import { expectChanges } from './expectation.js';
import type { Finding } from './finding.js';
import type { CheckOptions, OracleInput, TrailRevision } from './input.js';
import { replayTrail } from './replay.js';
import { readTrail, type TrailEntry } from './trail.js';

/**
 * Compares the trail with the truth. An empty list means:
 * - brief: each change says who, when and why as its revision does;
 * - bijection: per transaction and entity, the trail has exactly the net effect of the rows, no change more or less;
 * - chain: each `before` equals the `after` before it;
 * - replay: the changes folded in the order of their ids rebuild every table, and each baseline tells the state at its place.
 */
export function checkTrail(input: OracleInput, options: CheckOptions = {}): Finding[] {
  const merged = options.merged ?? true;
  const { entries, findings } = readTrail(input, options.otherTypes ?? []);
  return [
    ...findings,
    ...checkRevisions(input, merged),
    ...checkBijection(
      expectChanges(input),
      entries.filter(isDeed),
      mergedIn(input, merged && options.folded !== true),
    ),
    ...replayTrail(input, entries),
  ];
}

/** A baseline changes nothing: it is held against the state by the replay. */
function isDeed({ operation }: TrailEntry): boolean {
  return operation !== 'baseline';
}

function checkRevisions({ revisions, changes }: OracleInput, merged: boolean): Finding[] {
  const findings: Finding[] = [];
  const filled = new Set(changes.map(({ revisionId }) => revisionId));
  // Those of several actors take turns in their transaction.
  const seen = new Map<string, Pick<TrailRevision, 'id' | 'actor'>>();
  for (const { id, transactionId, actor } of revisions) {
    const where = `revision ${id}, transaction ${transactionId}`;
    if (!filled.has(id)) {
      findings.push({ code: 'empty revision', where, detail: 'it has no change' });
    }
    const other = seen.get(transactionId);
    if (merged && other?.actor === actor) {
      findings.push({
        code: 'doubled revision',
        where,
        detail: `revision ${other.id} is of the same transaction and actor`,
      });
    }
    seen.set(transactionId, { id, actor });
  }
  return findings;
}

/** Of each transaction: several actors in one have changes of their own, which count together. */
function mergedIn({ revisions }: OracleInput, merged: boolean): (transactionId: string) => boolean {
  const actors = new Map<string, Set<string>>();
  for (const { transactionId, actor } of revisions) {
    actors.set(transactionId, (actors.get(transactionId) ?? new Set()).add(actor));
  }
  return (transactionId) => merged && (actors.get(transactionId)?.size ?? 0) < 2;
}

function checkBijection(
  expected: readonly ComparableChange[],
  entries: readonly TrailEntry[],
  isMerged: (transactionId: string) => boolean,
): Finding[] {
  const told = groupByName(entries);
  const findings: Finding[] = [];
  for (const demanded of groupByName(expected).values()) {
    const names = demanded.flatMap(namesOf);
    const own = [...new Set(names)].flatMap((name) => told.get(name) ?? []);
    for (const name of names) {
      told.delete(name);
    }
    const isWhole = isMerged(demanded[0]?.transactionId ?? '');
    findings.push(...compareGroup(demanded, isWhole ? own : foldChanges(own)));
  }
  for (const ghosts of told.values()) {
    const isWhole = isMerged(ghosts[0]?.transactionId ?? '');
    for (const ghost of isWhole ? ghosts : foldChanges(ghosts)) {
      const detail = `${ghost.operation} ${printSide(ghost.before)} -> ${printSide(ghost.after)} never happened`;
      findings.push({ code: 'ghost change', where: placeOf(ghost), detail });
    }
  }
  return findings;
}

/** Expected and told changes of one entity in one transaction, in their order. */
function compareGroup(expected: readonly ComparableChange[], told: readonly ComparableChange[]): Finding[] {
  const findings: Finding[] = [];
  const rest = [...told];
  for (const [i, demanded] of expected.entries()) {
    const at = rest.findIndex(({ operation }) => operation === demanded.operation);
    const [actual] = at < 0 ? [] : rest.splice(at, 1);
    if (actual) {
      findings.push(...compareChange(demanded, actual));
    } else if (rest.length > 0 && told.length <= expected.length) {
      const [wrong] = rest.splice(Math.min(i, rest.length - 1), 1);
      const detail = `it was a ${demanded.operation}, the trail has a ${wrong?.operation}`;
      findings.push({ code: 'wrong operation', where: placeOf(demanded), detail });
    } else {
      const detail = `${demanded.operation} ${printSide(demanded.before)} -> ${printSide(demanded.after)} is not in the trail`;
      findings.push({ code: 'lost change', where: placeOf(demanded), detail });
    }
  }
  for (const extra of rest) {
    const detail = `${told.length} changes instead of ${expected.length}; one too many: ${extra.operation}`;
    findings.push({ code: 'doubled change', where: placeOf(extra), detail });
  }
  return findings;
}

function namesOf({ transactionId, entity, keys }: ComparableChange): string[] {
  return keys.map((key) => `${transactionId} ${entity.entityType} ${key}`);
}

function groupByName<Change extends ComparableChange>(changes: readonly Change[]): Map<string, Change[]> {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const [name = ''] = namesOf(change);
    groups.set(name, [...(groups.get(name) ?? []), change]);
  }
  return groups;
}
