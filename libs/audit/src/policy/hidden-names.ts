import { type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { EntityPolicy } from './entity-policy.js';
import { membersOf } from './property-policy.js';

/** The names of what a class hides, without those of the embeddables around them. */
export function hiddenNamesOf({ meta, properties }: EntityPolicy): readonly string[] {
  const masked = [...properties.values()].flatMap(({ prop, mask, members }) => [
    ...(mask === null ? [] : [prop]),
    ...[...membersOf(prop)].filter(({ name }) => members.has(name)),
  ]);
  const ignored = meta.props
    .filter((prop) => isValue(prop) && prop.persist !== false && !properties.has(prop.name))
    .flatMap((prop) => [prop, ...membersOf(prop)]);
  return [...masked, ...ignored].map(({ embedded, name }) => embedded?.[1] ?? name);
}

function isValue({ kind, object, array }: EntityProperty): boolean {
  return (
    kind === ReferenceKind.SCALAR || (kind === ReferenceKind.EMBEDDED && (object === true || array === true))
  );
}
