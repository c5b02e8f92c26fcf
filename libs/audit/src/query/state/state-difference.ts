import { isDeepStrictEqual } from 'node:util';
import type { FieldChange, FieldPath } from '../../model/change.js';
import type { StateGap } from '../../model/state-gap.js';
import { MaskedValue } from '../../serialize/json/mask.js';
import type { PastState } from './past-state.js';
import { decodedValues, namedLabels } from './state-shape.js';

/**
 * The differences between two states, by path, in the order of the properties. JSON and embeddables are compared member by
 * member, arrays and links as a whole. A hidden value differs when it was changed in between, though one cannot see how.
 * @param before null when the entity did not exist
 * @param after null when the entity did not exist
 */
export function stateDifference<Entity>(
  before: PastState | null,
  after: PastState | null,
): readonly FieldChange<Entity>[] {
  const was = before ? decodedValues(before) : new Map<string, unknown>();
  const between = gapsBetween(before, after);
  const is = after ? decodedValues(after) : new Map<string, unknown>();
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((path) => {
    const hidden = was.get(path) instanceof MaskedValue && is.get(path) instanceof MaskedValue;
    const isTouched = hidden && before?.changeOf(path)?.id !== after?.changeOf(path)?.id;
    const labels = { ...(before && namedLabels(before, path)), ...(after && namedLabels(after, path)) };
    const fields = isTouched
      ? [fieldChange<Entity>(path, was.get(path), is.get(path))]
      : difference<Entity>(path, was.get(path), is.get(path));
    const gaps = between.filter((gap) => gap.path === path);
    return fields.map((field) => ({
      ...field,
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(gaps.length > 0 && { gaps }),
    }));
  });
}

/** Everything that is not known of either state, and what was written unrecorded between them. */
function gapsBetween(before: PastState | null, after: PastState | null): readonly StateGap[] {
  const [was, is] = [before?.gaps ?? [], after?.gaps ?? []];
  const without = (gaps: readonly StateGap[], others: readonly StateGap[]) =>
    gaps.filter((gap) => !others.some((other) => isDeepStrictEqual(gap, other)));
  return [...without(was, is), ...without(is, was)];
}

function difference<Entity>(path: string, before: unknown, after: unknown): readonly FieldChange<Entity>[] {
  if (isDeepStrictEqual(before, after)) {
    return [];
  }
  if (isPlainObject(before) && isPlainObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
      difference<Entity>(`${path}.${name}`, before[name], after[name]),
    );
  }
  return [fieldChange<Entity>(path, before, after)];
}

function fieldChange<Entity>(path: string, before: unknown, after: unknown): FieldChange<Entity> {
  return { path: path as FieldPath<Entity>, before, after };
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
