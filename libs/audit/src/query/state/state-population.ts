import { type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { InvalidQueryError, NotAuditedError } from '../../errors/query-errors.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { propertiesOf } from '../../policy/metadata-properties.js';
import { isMovable, isPerSchema } from '../../policy/row-schema.js';
import { storedTypes } from '../terms/change-decoder.js';
import { compareEntityIds } from '../terms/entity-id.js';
import type { PastState } from './past-state.js';
import type { PastStates } from './past-states.js';

/** More than anybody looks at with one state; what is read for them stays in memory. */
const MOST_REFERRERS = 20_000;

/** Relations to look up, each with those to look up from there. */
export interface PopulateTree {
  readonly [relation: string]: PopulateTree;
}

/** @param paths dotted, such as `customer.country` */
export function populateTree(paths: readonly string[]): PopulateTree {
  const tree: Record<string, Record<string, PopulateTree>> = {};
  for (const path of paths) {
    let node = tree;
    for (const name of path.split('.')) {
      const next = (node[name] ?? {}) as typeof tree;
      node[name] = next;
      node = next;
    }
  }
  return tree;
}

/** Looks up relations of past states at the same moment: one or two queries for each relation and level. */
export class StatePopulation {
  constructor(private readonly past: PastStates) {}

  /**
   * @param family what the states may be of
   * @throws InvalidQueryError for a relation that the family does not have
   * @throws NotAuditedError for one to a class that is not audited
   */
  async populate(
    states: readonly PastState[],
    family: readonly EntityPolicy[],
    tree: PopulateTree,
  ): Promise<void> {
    for (const [name, further] of Object.entries(tree)) {
      const target = new Set<EntityPolicy>();
      const found = new Set<PastState>();
      for (const policy of this.declaring(family, name)) {
        const prop = relationOf(policy, name);
        this.assertShown(policy, prop);
        this.assertPlaced(policy, prop);
        const own = states.filter((state) => state.policy === policy);
        for (const targetPolicy of prop ? this.targetFamily(prop) : []) {
          target.add(targetPolicy);
        }
        for (const state of prop ? await this.lookUp(own, policy, prop) : []) {
          found.add(state);
        }
      }
      await this.populate([...found], [...target], further);
    }
  }

  private declaring(family: readonly EntityPolicy[], name: string): readonly EntityPolicy[] {
    const declaring = family.filter((policy) => relationOf(policy, name));
    if (declaring.length === 0 && family.length > 0) {
      const names = new Set(family.flatMap(({ meta }) => meta.relations.map((prop) => prop.name)));
      throw new InvalidQueryError(
        'populate',
        `names "${name}", which is no relation of ${family.map(({ meta }) => meta.className).join(', ')}`,
        `Use one of: ${[...names].join(', ')}.`,
      );
    }
    return declaring;
  }

  /** A masked relation does not tell what it leads to, from neither end. */
  private assertShown(policy: EntityPolicy, prop: EntityProperty | undefined): void {
    const targets = prop?.targetMeta ? this.past.instance.policies.family(prop.targetMeta.class) : [];
    if (
      prop &&
      (isMasked(policy, prop.name) || targets.some((target) => isMasked(target, otherEndOf(prop))))
    ) {
      throw new InvalidQueryError('populate', `names "${prop.name}", which is masked`, 'Leave it out.');
    }
  }

  /** Entities that all tenants share are looked up in one schema, and not in the default one, where there is no such table. */
  private assertPlaced({ meta }: EntityPolicy, prop: EntityProperty | undefined): void {
    const target = prop?.targetMeta;
    if (target && isPerSchema(target) && !isMovable(meta) && this.past.instance.policies.isHome) {
      throw new InvalidQueryError(
        'schema',
        `is not given, but "${prop.name}" leads to what each tenant has in a schema of its own`,
        'Name one, { schema: "acme" }, or leave the relation out.',
      );
    }
  }

  private targetFamily(prop: EntityProperty): readonly EntityPolicy[] {
    const target = prop.targetMeta;
    const family = target ? this.past.instance.policies.family(target.class) : [];
    const holder = target && prop.mappedBy ? propertiesOf(target)[prop.mappedBy] : prop;
    if (holder?.targetKey !== undefined) {
      throw new InvalidQueryError(
        'populate',
        `names "${prop.name}", which is a relation by "${holder.targetKey}" and not by a key`,
        'Leave it out, and ask for what has that value.',
      );
    }
    if (family.length === 0 || prop.polymorphic) {
      throw prop.polymorphic
        ? new InvalidQueryError('populate', `names "${prop.name}", which is polymorphic`, 'Leave it out.')
        : new NotAuditedError(prop.targetMeta?.className ?? prop.type);
    }
    return family;
  }

  /** @returns everything that was found */
  private async lookUp(
    states: readonly PastState[],
    policy: EntityPolicy,
    prop: EntityProperty,
  ): Promise<readonly PastState[]> {
    const { name, kind } = prop;
    const family = this.targetFamily(prop);
    if (kind === ReferenceKind.MANY_TO_ONE || (kind === ReferenceKind.ONE_TO_ONE && prop.owner)) {
      const targets = await this.past.load(
        family,
        states.flatMap((state) => state.targetId(name) ?? []),
        { existed: true },
      );
      return assign(states, name, (state) => targets.get(state.targetId(name) ?? '') ?? null);
    }
    if (kind === ReferenceKind.MANY_TO_MANY && policy.collections.has(name)) {
      const targets = await this.past.load(
        family,
        states.flatMap((state) => state.linksOf(name)),
        { existed: true },
      );
      return assign(states, name, (state) => state.linksOf(name).flatMap((id) => targets.get(id) ?? []));
    }
    const isLink = kind === ReferenceKind.MANY_TO_MANY;
    const otherEnd = otherEndOf(prop);
    const holders = await this.referrers(states, family, prop, otherEnd);
    const byHeld = new Map<string, PastState[]>();
    for (const holder of holders) {
      for (const id of isLink ? holder.linksOf(otherEnd) : [holder.targetId(otherEnd) ?? '']) {
        byHeld.set(id, [...(byHeld.get(id) ?? []), holder]);
      }
    }
    return assign(states, name, (state) => {
      const held = byHeld.get(state.entityId) ?? [];
      return kind === ReferenceKind.ONE_TO_ONE ? (held[0] ?? null) : held;
    });
  }

  /** Entities that refer to one of the states, in the order of their ids; found by what they have ever referred to. */
  private async referrers(
    states: readonly PastState[],
    family: readonly EntityPolicy[],
    { name }: EntityProperty,
    otherEnd: string,
  ): Promise<readonly PastState[]> {
    const ids = await this.past.instance.store.search.referrers({
      types: storedTypes(family),
      paths: [...new Set(family.flatMap(({ formerPaths }) => formerPaths.stored(otherEnd)))],
      targetIds: states.map(({ entityId }) => entityId),
      afterId: null,
      limit: MOST_REFERRERS,
    });
    if (!ids) {
      const target = family[0]?.meta.className ?? name;
      throw new InvalidQueryError(
        'populate',
        `names "${name}", which has led from more than ${MOST_REFERRERS} changes of ${target} to what is looked up`,
        `Ask for fewer, or for those of one in pages: asOf(${target}, { ${otherEnd}: id }, ...).`,
      );
    }
    const loaded = await this.past.load(family, ids);
    return [...loaded.values()].sort((one, other) => compareEntityIds(one.entityId, other.entityId));
  }
}

function assign(
  states: readonly PastState[],
  name: string,
  relatedTo: (state: PastState) => PastState | null | readonly PastState[],
): readonly PastState[] {
  return states.flatMap((state) => {
    const related = relatedTo(state);
    state.related.set(name, related);
    return related ?? [];
  });
}

/** The name of the relation at its other end. */
function otherEndOf({ kind, owner, inversedBy, mappedBy }: EntityProperty): string {
  return kind === ReferenceKind.MANY_TO_MANY && owner ? inversedBy : mappedBy;
}

function isMasked({ properties, collections }: EntityPolicy, name: string): boolean {
  return (properties.get(name)?.mask ?? null) !== null || collections.get(name)?.isMasked === true;
}

function relationOf({ meta }: EntityPolicy, name: string): EntityProperty | undefined {
  return meta.relations.find((prop) => prop.name === name);
}
