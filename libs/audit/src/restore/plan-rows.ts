import type { EntityManager, EntityMetadata, EntityProperty } from '@mikro-orm/core';
import { linkRowsOf, owningSide } from '../capture/orm/link-table.js';
import { columnText } from '../capture/orm/row-key.js';
import type { JsonValue } from '../model/json.js';
import { RowMap } from '../model/row-map.js';
import type { PlacedClass } from '../policy/row-schema.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import { keyText } from '../serialize/entity/key-text.js';
import { decodeValue } from '../serialize/json/value-codec.js';
import { decodeProperty } from '../serialize/property/property-decoder.js';
import { assignmentOf } from './entity-values.js';
import { type Holder, heldAfter, referenceOf } from './held-value.js';
import type { RestoreDraft } from './restore-draft.js';
import { rowOf } from './restore-target.js';

/** The rows that a plan writes, and how they lead to each other. It knows no entity. */
export class PlanRows {
  private readonly byRow: RowMap<RestoreDraft>;

  /**
   * @param drafts those that are written together
   * @param plan all of them
   */
  constructor(
    private readonly em: EntityManager,
    private readonly instance: AuditedInstance,
    private readonly drafts: readonly RestoreDraft[],
    private readonly plan: readonly RestoreDraft[],
  ) {
    this.byRow = new RowMap(
      drafts.map((draft) => [rowOf(draft.target.policy, draft.target.entityId), draft]),
    );
  }

  of(operation: RestoreDraft['operation']): readonly RestoreDraft[] {
    return this.drafts.filter((draft) => draft.operation === operation);
  }

  /** Whether an update makes a row refer to something else that refers to what is deleted. */
  letsGoOfDeleted(): boolean {
    return this.of('update').some(({ target, writes, live }) =>
      [...writes.keys()].some((path) => {
        const prop = target.codec.ofPath(path)?.property.prop;
        const key = live?.values.get(path) ?? null;
        return (
          prop?.targetMeta !== undefined &&
          key !== null &&
          this.draftOf(['delete'], target.policy, prop, prop.targetMeta, keyText([key])) !== undefined
        );
      }),
    );
  }

  /** The draft that creates the target of a reference. */
  created(near: PlacedClass, prop: EntityProperty, key: JsonValue): RestoreDraft | undefined {
    const { targetMeta } = prop;
    return targetMeta && this.draftOf(['create'], near, prop, targetMeta, keyText([key]));
  }

  /** Whether the row of a link is one that the plan creates, of a class of its own. */
  comesBackItself({ target }: RestoreDraft, prop: EntityProperty, id: string): boolean {
    const owning = owningSide(prop);
    const rows = owning?.pivotEntity ? linkRowsOf(owning, this.em.getMetadata()) : undefined;
    const ends = rows && (prop.owner ? [rows.owner, rows.target] : [rows.target, rows.owner]);
    return this.plan.some(({ operation, target: { codec }, writes }) => {
      const keys = ends?.map(
        ({ name }) => writes.get(codec.properties.get(name)?.property.path ?? name) ?? null,
      );
      return (
        operation === 'create' &&
        codec.policy.meta.class === rows?.meta.class &&
        columnText([target.entityId, id]) === columnText(keys?.map((key) => keyText([key])) ?? [])
      );
    });
  }

  /** Class, id and key of the target of a stored reference; null for none. */
  targetOf(prop: EntityProperty, stored: JsonValue) {
    if (stored === null) {
      return null;
    }
    const { meta, value } = referenceOf(prop, stored, this.em.getMetadata());
    const key = value === stored ? decodeProperty(prop, value, this.em.getPlatform()) : decodeValue(value);
    return { meta, id: keyText([value]), key };
  }

  /** New and changed rows, each behind those that it leads to. */
  inOrder(): ReadonlySet<RestoreDraft> {
    const ordered = new Set<RestoreDraft>();
    const entered = new Set<RestoreDraft>();
    const enter = (draft: RestoreDraft): void => {
      if (!entered.has(draft)) {
        entered.add(draft);
        for (const target of this.targetsOf(draft)) {
          enter(target);
        }
        ordered.add(draft);
      }
    };
    for (const draft of [...this.of('create'), ...this.of('update')]) {
      enter(draft);
    }
    return ordered;
  }

  private targetsOf(draft: RestoreDraft): readonly RestoreDraft[] {
    const { policy } = draft.target;
    const referred = assignmentOf(draft).references.flatMap(({ prop, key }) => {
      const target = this.targetOf(prop, key);
      return target ? (this.planned(policy, prop, target.meta, target.id) ?? []) : [];
    });
    const linked = [...draft.links].flatMap(([name, ids]) => {
      const targetMeta = policy.collections.get(name)?.prop.targetMeta;
      return ids.flatMap((id) => this.planned(policy, {}, targetMeta, id) ?? []);
    });
    return [...referred, ...linked];
  }

  planned(
    near: PlacedClass,
    reference: Holder,
    meta: EntityMetadata | undefined,
    held: string,
  ): RestoreDraft | undefined {
    return meta && this.draftOf(['create', 'update'], near, reference, meta, held);
  }

  /** The draft that a reference leads to which holds a text. */
  private draftOf(
    operations: readonly RestoreDraft['operation'][],
    near: PlacedClass,
    reference: Holder,
    meta: EntityMetadata,
    held: string,
  ): RestoreDraft | undefined {
    const place = this.instance.policies.placeNear(near, meta);
    const byKey = this.byRow.get(rowOf(place, held));
    const ofKey = byKey ? [byKey] : [];
    return (reference.targetKey === undefined ? ofKey : this.drafts).find(
      (draft) =>
        operations.includes(draft.operation) &&
        draft.target.policy.table === place.table &&
        heldAfter(reference, draft) === held,
    );
  }
}
