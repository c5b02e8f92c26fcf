import type { EntityPolicy } from '../../policy/entity-policy.js';

const orders = new WeakMap<EntityPolicy, ReadonlyMap<string, number>>();

/**
 * Pairs in the order in which the class declares their paths, members of an embeddable together; PostgreSQL keeps JSON in an
 * order of its own. Paths that are not declared any more come last.
 */
export function inDeclaredOrder<Value>(
  policy: EntityPolicy | undefined,
  pairs: Iterable<readonly [path: string, value: Value]>,
): (readonly [path: string, value: Value])[] {
  const all = [...pairs];
  if (!policy) {
    return all;
  }
  const order = orders.get(policy) ?? orderOf(policy);
  orders.set(policy, order);
  const placeOf = (path: string) => order.get(path) ?? order.size;
  return all.sort(([one], [other]) => placeOf(one) - placeOf(other));
}

function orderOf({ meta, properties, collections }: EntityPolicy): ReadonlyMap<string, number> {
  const declared = new Map(Object.keys(meta.properties).map((name, place) => [name, place]));
  const paths = [...[...properties.values()].map(({ path }) => path), ...collections.keys()];
  const placeOf = (path: string) => declared.get(path.split('.', 1)[0] ?? path) ?? declared.size;
  // The sort is stable, so members stay in the order of their embeddable.
  const sorted = paths.sort((one, other) => placeOf(one) - placeOf(other));
  return new Map(sorted.map((path, place) => [path, place]));
}
