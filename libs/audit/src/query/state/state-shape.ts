import { type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { objectFromPairs } from '../../serialize/json/json-shape.js';
import { inDeclaredOrder } from '../terms/declared-order.js';
import type { PastState } from './past-state.js';
import { withGaps } from './state-gaps.js';

type Plain = Readonly<Record<string, unknown>>;

/** A state as plain data: decoded, embeddables nested, looked up relations in place of their keys. */
export function plainState(state: PastState): Plain {
  const { policy } = state;
  const pairs: (readonly [string, unknown])[] = [...decodedValues(state)];
  for (const [name, related] of state.related) {
    pairs.push([
      name,
      Array.isArray(related) ? related.map(plainState) : related && plainState(related as PastState),
    ]);
  }
  const nested = nest(pairs);
  for (const prop of policy.meta.props) {
    if (isInlineEmbedded(prop) && !prop.embedded) {
      const value = nested[prop.name];
      if (isGroup(value)) {
        nested[prop.name] = emptyAsNull(prop, value);
      }
    }
  }
  const plain = objectFromPairs(Object.entries(nested).map(([name, value]) => [name, ungrouped(value)]));
  return withGaps(plain, state.gaps) as Plain;
}

/** The values of a state by path, decoded, in the order of declaration. Relations without links have an empty list. */
export function decodedValues({ policy, codec, values, unknown }: PastState): ReadonlyMap<string, unknown> {
  const decoded = new Map<string, unknown>();
  for (const [path, value] of values) {
    decoded.set(path, codec.decodePath(path, value));
  }
  for (const name of policy.collections.keys()) {
    if (!decoded.has(name) && !unknown.includes(name)) {
      decoded.set(name, []);
    }
  }
  return new Map(inDeclaredOrder(policy, decoded));
}

/** Labels of the entities that a relation of a state names, by entity id; undefined when none is known. */
export function namedLabels(state: PastState, path: string): Readonly<Record<string, string>> | undefined {
  const known = state.labelsOf(path);
  const ids = new Set([...state.linksOf(path), state.targetId(path)]);
  const named = Object.entries(known ?? {}).filter(([id]) => ids.has(id));
  return named.length > 0 ? objectFromPairs(named) : undefined;
}

/** An embeddable in the making; told apart from values that are objects themselves. */
class Group {
  readonly members = new Map<string, unknown>();
}

function nest(pairs: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const root = new Group();
  for (const [path, value] of pairs) {
    const names = path.split('.');
    const last = names.pop() ?? path;
    let group = root;
    for (const name of names) {
      const existing = group.members.get(name);
      const inner = existing instanceof Group ? existing : new Group();
      group.members.set(name, inner);
      group = inner;
    }
    group.members.set(last, value);
  }
  return objectFromPairs(root.members);
}

/** MikroORM's own reading: a nullable embeddable all of whose columns are null is null. */
function emptyAsNull(prop: EntityProperty, group: Group): Group | null {
  for (const child of Object.values(prop.embeddedProps)) {
    const name = child.embedded?.[1] ?? child.name;
    const inner = group.members.get(name);
    if (isInlineEmbedded(child) && isGroup(inner)) {
      group.members.set(name, emptyAsNull(child, inner));
    }
  }
  const isEmpty = [...group.members.values()].every((value) => value === null);
  return isEmpty && prop.nullable ? null : group;
}

function ungrouped(value: unknown): unknown {
  if (isGroup(value)) {
    return objectFromPairs([...value.members].map(([name, member]) => [name, ungrouped(member)]));
  }
  return value;
}

function isGroup(value: unknown): value is Group {
  return value instanceof Group;
}

function isInlineEmbedded(prop: EntityProperty): boolean {
  return prop.kind === ReferenceKind.EMBEDDED && !prop.object && !prop.array;
}
