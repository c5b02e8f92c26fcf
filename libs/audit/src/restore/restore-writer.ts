import {
  type Collection,
  type EntityManager,
  type EntityMetadata,
  type EntityProperty,
  Reference,
  wrap,
} from '@mikro-orm/core';
import { isWantedByConstructor } from '../capture/orm/constructor-needs.js';
import { keyOf } from '../capture/orm/entity-facts.js';
import { linkRowsOf, owningSide } from '../capture/orm/link-table.js';
import { columnText } from '../capture/orm/row-key.js';
import type { JsonValue } from '../model/json.js';
import { RowMap } from '../model/row-map.js';
import type { PlacedClass, RowPlace } from '../policy/row-schema.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import { keyText } from '../serialize/entity/key-text.js';
import { decodeValue } from '../serialize/json/value-codec.js';
import { decodeKeyText, decodeProperty } from '../serialize/property/property-decoder.js';
import { textsOfKey } from '../serialize/text/texts-of-key.js';
import { type Assignable, assignmentOf, assignValues } from './entity-values.js';
import { type Holder, heldAfter, referenceOf } from './held-value.js';
import type { RestoreDraft } from './restore-draft.js';
import { type RestoreTarget, rowOf } from './restore-target.js';

/** Carries a plan out through the unit of work, so that hooks run and the trail records it. */
export class RestoreWriter {
  /** Entities that are new, and those that are loaded. */
  private readonly entities = new RowMap<Assignable>();
  private readonly byRow: RowMap<RestoreDraft>;
  /** Targets that are found by another value than their key, by its name and the value. */
  private readonly held = new RowMap<object>();
  /** Those whose constructor is about to run. */
  private readonly begun = new RowMap<RestoreDraft>();

  /** @param em inside the transaction of the restore, with nothing loaded */
  constructor(
    private readonly em: EntityManager,
    private readonly instance: AuditedInstance,
    private readonly drafts: readonly RestoreDraft[],
    /** All of the plan. */
    private readonly plan = drafts,
  ) {
    this.byRow = new RowMap(
      drafts.map((draft) => [rowOf(draft.target.policy, draft.target.entityId), draft]),
    );
  }

  async write(): Promise<void> {
    const isHeld = this.drafts.some(({ operation, target }) => operation !== 'none' && holdsOther(target));
    await (isHeld ? this.writeOneByOne() : this.writeAtOnce());
  }

  /**
   * With relations that hold another value than the key, MikroORM 7.2 finds every row changed that it has loaded, and has nothing
   * to set where it updates several with one statement. So each row has a unit of work of its own.
   */
  private async writeOneByOne(): Promise<void> {
    const changed = [...this.inOrder()].map((draft) => [draft]);
    const deleted = this.of('delete').map((draft) => [draft]);
    for (const step of this.letsGoOfDeleted() ? [...changed, ...deleted] : [...deleted, ...changed]) {
      const em = this.em.fork({ clear: true, keepTransactionContext: true });
      await new RestoreWriter(em, this.instance, step, this.drafts).writeAtOnce();
    }
  }

  private async writeAtOnce(): Promise<void> {
    await this.load();
    for (const draft of this.of('delete')) {
      this.em.remove(this.entityOf(draft) as object);
    }
    // MikroORM deletes last; but what is deleted may have the unique values that come back.
    if (!this.letsGoOfDeleted()) {
      await this.em.flush();
    }
    await this.loadHeld();
    await this.loadForConstructors();
    for (const draft of this.of('create')) {
      this.create(draft);
    }
    for (const draft of [...this.of('create'), ...this.of('update')]) {
      this.assign(draft);
    }
    await this.em.flush();
  }

  private of(operation: RestoreDraft['operation']): readonly RestoreDraft[] {
    return this.drafts.filter((draft) => draft.operation === operation);
  }

  /** One query for each class, and those of the relations that change. */
  private async load(): Promise<void> {
    const existing = [...this.of('update'), ...this.of('delete')];
    for (const [codec, ofClass] of Map.groupBy(existing, ({ target }) => target.codec)) {
      const { meta } = codec.policy;
      const isAnyOf = ofClass.map(({ live }) =>
        Object.fromEntries(
          meta.primaryKeys.map((name) => {
            const path = codec.properties.get(name)?.property.path ?? name;
            return [name, codec.decodePath(path, live?.values.get(path) ?? null)];
          }),
        ),
      );
      const held = meta.relations.filter(({ targetKey }) => targetKey !== undefined).map(({ name }) => name);
      const populate = [...new Set([...ofClass.flatMap(({ links }) => [...links.keys()]), ...held])];
      const found: readonly Assignable[] = await this.em.find(
        meta.class,
        { $or: isAnyOf },
        { filters: false, populate, ...schemaOption(codec.policy) },
      );
      for (const entity of found) {
        const id = codec.entityId(keyOf(entity), 'unit-of-work');
        this.entities.set(rowOf(codec.policy, id), entity);
      }
    }
  }

  /** MikroORM takes a reference without a primary key for a new entity, so where another value leads to it, it is loaded. */
  private async loadHeld(): Promise<void> {
    for (const draft of [...this.of('create'), ...this.of('update')]) {
      const near = draft.target.policy;
      for (const { prop, key } of assignmentOf(draft).references) {
        const target = prop.targetKey === undefined || prop.mapToPk ? null : this.targetOf(prop, key);
        if (
          target &&
          prop.targetKey !== undefined &&
          target.meta &&
          !this.planned(near, prop, target.meta, target.id)
        ) {
          const { meta, id, key: value } = target;
          const place = this.instance.policies.placeNear(near, meta);
          const row = rowOf(place, keyText([prop.targetKey, id]));
          const found = await this.em.findOne(
            meta.class,
            { [prop.targetKey]: value },
            {
              filters: false,
              fields: [...meta.primaryKeys, prop.targetKey],
              ...schemaOption(place),
            },
          );
          if (found) {
            this.held.set(row, found);
          }
        }
      }
    }
  }

  /** A constructor may read what it is given. */
  private async loadForConstructors(): Promise<void> {
    for (const draft of this.of('create')) {
      for (const { prop, key } of assignmentOf(draft).references) {
        const { policy } = draft.target;
        const isWanted = isWantedByConstructor(policy.meta, prop) && !prop.mapToPk;
        if (isWanted && key !== null && !this.created(policy, prop, key)) {
          const entity = wrap(Reference.unwrapReference(this.related(policy, prop, key) as object));
          if (!entity.isInitialized()) {
            await entity.init({ filters: false });
          }
        }
      }
    }
  }

  private entityOf({ target }: RestoreDraft): Assignable | undefined {
    return this.entities.get(rowOf(target.policy, target.entityId));
  }

  /** Whether an update makes a row refer to something else that refers to what is deleted. */
  private letsGoOfDeleted(): boolean {
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

  /** With its key, and with what its class may want in its constructor. */
  private create(draft: RestoreDraft): Assignable {
    const { policy, entityId } = draft.target;
    const { meta } = policy;
    const row = rowOf(policy, entityId);
    const known = this.entities.get(row);
    if (known) {
      return known;
    }
    this.begun.set(row, draft);
    const { values, references } = assignmentOf(draft);
    const early = references.filter(({ prop, key }) => {
      const target = this.created(policy, prop, key);
      if (prop.primary || !target) {
        return true;
      }
      const isBegun = this.begun.has(rowOf(target.target.policy, target.target.entityId));
      return isWantedByConstructor(meta, prop) && (this.entityOf(target) !== undefined || !isBegun);
    });
    const data = { ...values };
    for (const { prop, key } of early) {
      // Of a wrapped one that is new MikroORM would hand another instance to the constructor.
      data[prop.name] = Reference.unwrapReference(this.related(policy, prop, key) as object);
    }
    const entity: Assignable = this.em.create(meta.class, data, {
      partial: true,
      persist: true,
      ...schemaOption(policy),
    });
    this.entities.set(row, entity);
    return entity;
  }

  /** The draft that creates the target of a reference. */
  private created(near: PlacedClass, prop: EntityProperty, key: JsonValue): RestoreDraft | undefined {
    const { targetMeta } = prop;
    return targetMeta && this.draftOf(['create'], near, prop, targetMeta, keyText([key]));
  }

  private assign(draft: RestoreDraft): void {
    const entity = this.entityOf(draft);
    if (!entity) {
      return;
    }
    const { policy } = draft.target;
    const { meta } = policy;
    const { values, references } = assignmentOf(draft);
    // MikroORM leaves to a constructor what it makes of the values that it is given.
    const assigned = Object.entries(values).filter(
      ([name]) => draft.operation === 'update' || isWantedByConstructor(meta, { name }),
    );
    assignValues(this.em, entity, meta, assigned);
    for (const { prop, key } of references) {
      if (!prop.primary) {
        entity[prop.name] = this.related(policy, prop, key);
      }
    }
    for (const [name, ids] of draft.links) {
      const { prop } = draft.target.policy.collections.get(name) ?? {};
      const collection = entity[name] as Collection<object>;
      const linked = prop ? ids.filter((id) => !this.comesBackItself(draft, prop, id)) : [];
      collection.set(prop ? linked.map((id) => this.linked(policy, prop, id)) : []);
    }
  }

  /** Whether the row of a link is one that the plan creates, of a class of its own. */
  private comesBackItself({ target }: RestoreDraft, prop: EntityProperty, id: string): boolean {
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

  /** The target of a reference as the property of a row holds it; null for none. */
  private related(near: PlacedClass, prop: EntityProperty, stored: JsonValue): unknown {
    const target = this.targetOf(prop, stored);
    if (!target?.meta || prop.mapToPk) {
      return target?.key ?? null;
    }
    return Reference.wrapReference(this.find(near, prop, target.meta, target.id, target.key), prop);
  }

  /** What a stored reference leads to; null for nothing. */
  private targetOf(prop: EntityProperty, stored: JsonValue) {
    if (stored === null) {
      return null;
    }
    const { meta, value } = referenceOf(prop, stored, this.em.getMetadata());
    const key = value === stored ? decodeProperty(prop, value, this.em.getPlatform()) : decodeValue(value);
    return { meta, id: keyText([value]), key };
  }

  private linked(near: PlacedClass, prop: EntityProperty, id: string): object {
    const meta = prop.targetMeta as EntityMetadata;
    const columns = meta.getPrimaryProps(true).length;
    const key = meta.compositePK ? textsOfKey(id, columns) : decodeKeyText(prop, id, this.em.getPlatform());
    return this.find(near, {}, meta, id, key);
  }

  private find(
    near: PlacedClass,
    { targetKey }: Holder,
    meta: EntityMetadata,
    id: string,
    key: unknown,
  ): object {
    const draft = this.planned(near, { targetKey }, meta, id);
    const place = this.instance.policies.placeNear(near, meta);
    const known = draft
      ? (this.entityOf(draft) ?? this.create(draft))
      : targetKey !== undefined && this.held.get(rowOf(place, keyText([targetKey, id])));
    return known || this.em.getReference(meta.class, key, schemaOption(place));
  }

  /** New and changed rows, each behind those that it leads to. */
  private inOrder(): ReadonlySet<RestoreDraft> {
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

  private planned(
    near: PlacedClass,
    reference: Holder,
    meta: EntityMetadata | undefined,
    held: string,
  ): RestoreDraft | undefined {
    return meta && this.draftOf(['create', 'update'], near, reference, meta, held);
  }

  /** What of the plan a reference leads to that holds a text. */
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

function holdsOther({ policy }: RestoreTarget): boolean {
  return policy.meta.relations.some(({ targetKey }) => targetKey !== undefined);
}

function schemaOption({ schema }: RowPlace): { readonly schema?: string } {
  return schema === undefined ? {} : { schema };
}
