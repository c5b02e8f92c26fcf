import type { ChangeLabels } from '../../model/change-labels.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { EntityTypes } from '../../query/terms/entity-types.js';
import type { ReaderAccess } from './reader-access.js';

/** Labels are made of values, so those that are made of hidden ones are left out. */
export class LabelView {
  constructor(
    private readonly reader: ReaderAccess,
    private readonly types: EntityTypes,
  ) {}

  /** Null when nothing is left. */
  visible(labels: ChangeLabels, entityType: string): ChangeLabels | null {
    const found = this.types.find(entityType);
    const own = this.mayName(found ? [found.policy] : [], entityType) ? labels.own : null;
    const targets = Object.entries(labels.targets).filter(
      ([path]) => found && this.showsTarget(found.policy, path),
    );
    return own === null && targets.length === 0 ? null : { own, targets: Object.fromEntries(targets) };
  }

  /** Whether no label of the changes of an entity is left out. */
  showsAllOf(policy: EntityPolicy): boolean {
    const { entityType, properties, collections } = policy;
    const references = [...properties.values()].flatMap(({ path, prop }) => (prop.targetMeta ? [path] : []));
    return (
      this.mayName([policy], entityType) &&
      [...references, ...collections.keys()].every((path) => this.showsTarget(policy, path))
    );
  }

  private showsTarget(policy: EntityPolicy, stored: string): boolean {
    const { entityType, properties, collections, formerPaths } = policy;
    const path = formerPaths.present(stored);
    const property = [...properties.values()].find((one) => one.path === path) ?? collections.get(path);
    const target = property?.prop.targetMeta;
    if (!target || property?.prop.polymorphic) {
      // Of a relation that there is no more, or that leads to several classes: nobody knows to which.
      return this.reader.seesEverything;
    }
    const family = this.types.find(entityType)?.instance.policies.family(target.class) ?? [];
    return (
      !this.reader.hiddenOf(entityType).touches(path) &&
      family.every((policy) => this.mayName([policy], policy.entityType))
    );
  }

  private mayName(policies: readonly EntityPolicy[], entityType: string): boolean {
    const hidden = this.reader.hiddenOf(entityType);
    return policies.every(({ label }) =>
      typeof label === 'string' ? !hidden.touches(label) : hidden.isEmpty,
    );
  }
}
