import { type ChangeSide, type ComparableChange, placeOf, sameIds } from './change.js';
import type { Finding } from './finding.js';
import { ANY_VALUE, printValue, sameValue } from './normal-value.js';

/** Compares a change of the trail with the one that the truth demands; both have the same operation. */
export function compareChange(expected: ComparableChange, actual: ComparableChange): Finding[] {
  return [...compareSide(expected, actual, 'before'), ...compareSide(expected, actual, 'after')];
}

function compareSide(
  expected: ComparableChange,
  actual: ComparableChange,
  side: 'before' | 'after',
): Finding[] {
  const code = side === 'before' ? 'wrong before' : 'wrong after';
  const [demanded, told] = [expected[side], actual[side]];
  if (demanded === null || told === null) {
    const isRight = demanded === null && told === null;
    const detail = demanded === null ? `there must be no ${side}` : `there is no ${side}`;
    return isRight ? [] : [{ code, where: placeOf(expected), detail }];
  }
  return [
    ...compareProperties(expected, demanded, told, side),
    ...expected.entity.links.flatMap(({ path, orderColumn }): Finding[] =>
      compareLinks(expected, demanded, told, side, path, orderColumn !== null),
    ),
  ];
}

function compareProperties(
  change: ComparableChange,
  demanded: ChangeSide,
  told: ChangeSide,
  side: 'before' | 'after',
): Finding[] {
  const findings: Finding[] = [];
  // A create or delete need not spell out what is null; an update has exactly what changed.
  const mayLeaveOutNull = change.operation !== 'update';
  for (const [path, value] of demanded.properties) {
    if (!told.properties.has(path)) {
      if (!(mayLeaveOutNull && value === null)) {
        const detail = `${side} lacks it, it is ${printValue(value)}`;
        findings.push({ code: 'lost property', where: placeOf(change, path), detail });
      }
    } else if (!sameValue(value, told.properties.get(path))) {
      findings.push({
        code: side === 'before' ? 'wrong before' : 'wrong after',
        where: placeOf(change, path),
        detail: `it was ${printValue(value)}, the trail has ${printValue(told.properties.get(path))}`,
      });
    }
  }
  for (const [path, value] of told.properties) {
    if (!demanded.properties.has(path)) {
      const detail = `${side} has ${printValue(value)}, but it did not change`;
      findings.push({ code: 'ghost property', where: placeOf(change, path), detail });
    }
  }
  return findings;
}

function compareLinks(
  change: ComparableChange,
  demanded: ChangeSide,
  told: ChangeSide,
  side: 'before' | 'after',
  path: string,
  ordered: boolean,
): Finding[] {
  const [right, actual] = [demanded.links.get(path) ?? [], told.links.get(path) ?? []];
  if (right === ANY_VALUE || actual === ANY_VALUE || sameIds(right, actual, ordered)) {
    return [];
  }
  const where = placeOf(change, path);
  const detail = `${side} must be [${right.join(' ')}], the trail has [${actual.join(' ')}]`;
  const lost = right.filter((id) => !actual.includes(id));
  const isGhost = actual.some((id) => !right.includes(id)) || new Set(actual).size < actual.length;
  if (lost.length === 0 && !isGhost) {
    return [{ code: side === 'before' ? 'wrong before' : 'wrong after', where, detail }];
  }
  return [
    ...(lost.length > 0 ? [{ code: 'lost link', where, detail } as const] : []),
    ...(isGhost ? [{ code: 'ghost link', where, detail } as const] : []),
  ];
}
