import type { ChangeLabels } from '../../model/change-labels.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { ReaderAccess } from '../access/reader-access.js';
import type { EntityTypes } from '../parameters/entity-types.js';

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
    const targets = Object.entries(labels.targets).filter(([path]) => {
      const target = found?.policy.meta.properties[path as never] as
        | { readonly targetMeta?: EntityPolicy['meta'] }
        | undefined;
      const family = target?.targetMeta ? found?.instance.policies.family(target.targetMeta.class) : [];
      return (
        !this.reader.hiddenOf(entityType).touches(path) &&
        family?.every((policy) => this.mayName([policy], policy.entityType))
      );
    });
    return own === null && targets.length === 0 ? null : { own, targets: Object.fromEntries(targets) };
  }

  private mayName(policies: readonly EntityPolicy[], entityType: string): boolean {
    const hidden = this.reader.hiddenOf(entityType);
    return policies.every(({ label }) =>
      typeof label === 'string' ? !hidden.touches(label) : hidden.isEmpty,
    );
  }
}
