import { type EntityMetadata, helper, type UnitOfWork } from '@mikro-orm/core';
import type { JsonObject } from '../model/json.js';
import { linkIds } from '../serialize/entity/links.js';
import { hasLabels, labelOf } from './labels.js';
import { keyValues } from './link-changes.js';
import { textOf } from './link-sync.js';
import { managedEntity } from './managed-entity.js';
import type { PolicyLookup } from './root-of.js';

/** Labels by entity id. */
type Labels = Readonly<Record<string, string>>;

/** For one change of links; a bulk change has more links than anybody reads. */
const MOST_LABELS = 500;

/** What people call the entities that the links of a relation lead to, as far as the flush comes across them. */
export class LinkLabels {
  private readonly entities = new Set<object>();
  private readonly isNeeded: boolean;

  /** @param target what the links lead to, seen from the side that records them */
  constructor(
    private readonly target: EntityMetadata | undefined,
    private readonly policyOf: PolicyLookup,
  ) {
    this.isNeeded = target !== undefined && hasLabels(target, policyOf);
  }

  /** Noted before the statements: the unit of work forgets what they delete. */
  note(entities: Iterable<object>): void {
    for (const entity of this.isNeeded ? entities : []) {
      this.entities.add(entity);
    }
  }

  /** Asked after the statements, when new entities have their keys. Causes no query. */
  labeller(unitOfWork: UnitOfWork): (...links: readonly JsonObject[]) => Labels {
    const { target } = this;
    if (!target || !this.isNeeded) {
      return () => ({});
    }
    const noted = new Map([...this.entities].map((entity) => [textOf(keyValues(entity)), entity]));
    return (...links) => {
      const labels: Record<string, string> = {};
      for (const id of links.flatMap((one) => linkIds(one) ?? []).slice(0, MOST_LABELS)) {
        const entity = noted.get(id) ?? managedEntity(unitOfWork, target, id);
        const policy = entity && this.policyOf(helper(entity).__meta);
        const label = entity && policy ? labelOf(entity, policy) : null;
        if (label !== null) {
          labels[id] = label;
        }
      }
      return labels;
    };
  }
}
