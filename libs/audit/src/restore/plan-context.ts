import type { EntityMetadata } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { RestoreOperation } from '../model/restore-plan.js';
import { RowMap } from '../model/row-map.js';
import { isPerSchema, type PlacedClass } from '../policy/row-schema.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import type { RestoreDraft } from './restore-draft.js';
import type { RestoreGuard } from './restore-guard.js';
import { rowOf } from './restore-target.js';
import { type LiveTable, RowProbe } from './row-probe.js';

/** The parts of a plan that its checks look at. */
export class PlanContext {
  readonly probe: RowProbe;
  private readonly drafts: RowMap<RestoreDraft>;

  constructor(
    readonly instance: AuditedInstance,
    drafts: readonly RestoreDraft[],
    /** Null when the plan is for nobody in particular. */
    readonly guard: RestoreGuard | null,
  ) {
    this.probe = new RowProbe(instance.policies.orm.em.getContext(false) as EntityManager);
    this.drafts = new RowMap(
      drafts.map((draft) => [rowOf(draft.target.policy, draft.target.entityId), draft]),
    );
  }

  /** The tables of a class whose rows may refer to a row: what all tenants have in common is referred to from each schema. */
  async referring(table: LiveTable, meta: EntityMetadata): Promise<readonly LiveTable[]> {
    const row = { meta: table.meta, schema: table.place.schema };
    return this.instance.policies.isShared(row) && isPerSchema(meta)
      ? (await this.probe.schemasWithKeyTo(table.meta, meta.tableName)).map((schema) =>
          this.near({ meta, schema }, meta),
        )
      : [this.near(row, meta)];
  }

  /** The table of a class whose rows a row refers to, or that refer to it. */
  near(row: PlacedClass, meta: EntityMetadata): LiveTable {
    return { meta, place: this.instance.policies.placeNear(row, meta) };
  }

  /** The draft of an entity; undefined when the plan has nothing to do with it. */
  draftOf({ place }: LiveTable, entityId: string): RestoreDraft | undefined {
    return this.drafts.get(rowOf(place, entityId));
  }

  /**
   * The plan for an entity: undefined when it has nothing to do with it, `missing` when it does not exist and
   * stays so.
   */
  operationOn(table: LiveTable, entityId: string): RestoreOperation | 'none' | 'missing' | undefined {
    const draft = this.draftOf(table, entityId);
    return draft?.operation === 'none' && !draft.live ? 'missing' : draft?.operation;
  }

  /** The name of a class in the trail; its own name when it is not audited. */
  typeOf({ meta, place }: LiveTable): string {
    return this.instance.policies.near(place, meta)?.entityType ?? meta.className;
  }
}

/** The class whose table has the column of a property; with one table per class it may be that of a base class. */
export function declaringMeta(meta: EntityMetadata, property: string): EntityMetadata {
  let declaring = meta;
  while (declaring.tptParent && Object.hasOwn(declaring.tptParent.properties, property)) {
    declaring = declaring.tptParent;
  }
  return declaring;
}
