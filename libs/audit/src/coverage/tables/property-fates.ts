import { type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { propertiesOf } from '../../policy/metadata-properties.js';
import type { MaskKind } from '../../policy/policy-declaration.js';

/** The fate of the values of a property: they are in the trail, or hidden there, or leave no trace. */
export type Fate = 'recorded' | 'masked' | 'ignored';

export interface PropertyFate {
  /** The name in the trail, or the one that it would have. */
  readonly path: string;
  readonly fate: Fate;
  /** How its values are hidden; null unless they are masked. */
  readonly mask: MaskKind | null;
}

/** The properties of an entity that the database holds, with members of JSON that have a fate of their own. */
export function propertyFates(policy: EntityPolicy): readonly PropertyFate[] {
  const { meta, properties, collections } = policy;
  const fates: PropertyFate[] = [];
  for (const prop of meta.props) {
    const property = properties.get(prop.name);
    const collection = collections.get(prop.name);
    if (property) {
      fates.push(fateOf(property.path, property.mask));
      for (const [member, rule] of property.members) {
        const path = `${property.path}.${member}`;
        fates.push(rule === 'ignore' ? { path, fate: 'ignored', mask: null } : fateOf(path, rule));
      }
    } else if (collection) {
      fates.push(fateOf(prop.name, collection.isMasked ? 'redact' : null));
    } else if (isStored(prop, policy)) {
      fates.push({ path: pathOf(prop, policy), fate: 'ignored', mask: null });
    }
  }
  return fates;
}

function fateOf(path: string, mask: MaskKind | null): PropertyFate {
  return { path, fate: mask === null ? 'recorded' : 'masked', mask };
}

/** Whether the database holds values of it, by themselves: in a column, or in a link table that the entity owns. */
function isStored(prop: EntityProperty, policy: EntityPolicy): boolean {
  if (prop.persist === false || prop.formula !== undefined || isInsideJson(prop, policy)) {
    return false;
  }
  switch (prop.kind) {
    case ReferenceKind.EMBEDDED:
      return prop.object === true || prop.array === true;
    case ReferenceKind.ONE_TO_ONE:
    case ReferenceKind.MANY_TO_MANY:
      return prop.owner;
    default:
      return prop.kind !== ReferenceKind.ONE_TO_MANY;
  }
}

function isInsideJson(prop: EntityProperty, policy: EntityPolicy): boolean {
  const parent = parentOf(prop, policy);
  return (
    parent !== undefined && (parent.object === true || parent.array === true || isInsideJson(parent, policy))
  );
}

/** MikroORM joins the names of what is embedded by underscores. */
function pathOf(prop: EntityProperty, policy: EntityPolicy): string {
  const parent = parentOf(prop, policy);
  return parent ? `${pathOf(parent, policy)}.${prop.embedded?.[1] ?? prop.name}` : prop.name;
}

function parentOf({ embedded }: EntityProperty, { meta }: EntityPolicy): EntityProperty | undefined {
  return embedded && propertiesOf(meta)[embedded[0]];
}
