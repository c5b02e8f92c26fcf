import { type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { InvalidQueryError } from '../../errors/query-errors.js';
import { isItemPlace } from '../../model/item-place.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import type { PropertyCodec } from '../../serialize/property/property-codec.js';
import type { StoredPath } from '../../store/audit-store.js';

/** A path of an entity, as far as the trail knows it. */
export interface KnownPath extends StoredPath {
  /** Undefined for the links of a relation, and for an embeddable whose members have columns of their own. */
  readonly codec: PropertyCodec | undefined;
}

/**
 * Finds a path in the policies of a class and its subclasses: a property, a relation, an embeddable, or a way into JSON.
 * @throws InvalidQueryError when none of them has it
 */
export function knownPath(
  path: string,
  family: readonly EntityPolicy[],
  codecOf: (policy: EntityPolicy) => EntityCodec | undefined,
): KnownPath {
  const known = family.flatMap((policy) => {
    const found = pathIn(path, policy, codecOf(policy));
    return found ? [found] : [];
  });
  const [first] = known;
  if (!first) {
    const paths = new Set(family.flatMap(pathsOf));
    throw new InvalidQueryError(
      'property',
      `names "${path}", whose values the trail does not hold`,
      `Use one of: ${[...paths].join(', ')}, or a path into one of them that has members.`,
    );
  }
  return { ...first, keys: [...new Set(known.flatMap(({ keys }) => keys))] };
}

function pathIn(path: string, policy: EntityPolicy, codec: EntityCodec | undefined): KnownPath | undefined {
  const stored = (name: string) => policy.formerPaths.stored(name);
  const own = codec?.ofPath(path);
  if (own || policy.collections.has(path)) {
    return { keys: stored(path), inside: [], codec: own };
  }
  const members = pathsOf(policy).filter((other) => other.startsWith(`${path}.`));
  if (members.length > 0) {
    return { keys: members.flatMap(stored), inside: [], codec: undefined };
  }
  const names = path.split('.');
  for (let length = names.length - 1; length > 0; length -= 1) {
    const outer = names.slice(0, length).join('.');
    const around = codec?.ofPath(outer);
    if (around && mayHave(around.property.prop, names.slice(length).filter(isMember))) {
      return { keys: stored(outer), inside: names.slice(length), codec: around };
    }
  }
  return undefined;
}

/** Of values that have no members. */
const PLAIN_TYPES: readonly string[] = ['string', 'number', 'boolean', 'bigint', 'Date'];

function isMember(name: string): boolean {
  return !isItemPlace(name);
}

/** A path without the places of items: what holds of a member holds of it in every item. */
export function withoutIndexes(path: string): string {
  return path.split('.').filter(isMember).join('.');
}

/** Whether a value of a property may have members like that: JSON any, an embeddable its own, all others none. */
function mayHave(prop: EntityProperty, [name, ...further]: readonly string[]): boolean {
  if (name === undefined) {
    return true;
  }
  if (prop.kind === ReferenceKind.EMBEDDED) {
    const member = prop.embeddedProps[name];
    return member !== undefined && mayHave(member, further);
  }
  return prop.kind === ReferenceKind.SCALAR && !PLAIN_TYPES.includes(prop.runtimeType);
}

function pathsOf(policy: EntityPolicy): readonly string[] {
  return [...[...policy.properties.values()].map(({ path }) => path), ...policy.collections.keys()];
}
