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
import type { JsonValue } from '../model/json.js';
import { RowMap } from '../model/row-map.js';
import { type PlacedClass, schemaOption } from '../policy/row-schema.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import { keyText } from '../serialize/entity/key-text.js';
import { decodeKeyText } from '../serialize/property/property-decoder.js';
import { textsOfKey } from '../serialize/text/texts-of-key.js';
import { type Assignable, assignmentOf, assignValues } from './entity-values.js';
import { type Holder, holdsOther } from './held-value.js';
import { PlanRows } from './plan-rows.js';
import type { RestoreDraft } from './restore-draft.js';
import { rowOf } from './restore-target.js';

/** Carries a plan out through the unit of work, so that hooks run and the trail records it. */
export class RestoreWriter {
  /** Entities that are new, and those that are loaded. */
  private readonly entities = new RowMap<Assignable>();
  private readonly rows: PlanRows;
  /** Targets that are found by another value than their key, by its name and the value. */
  private readonly held = new RowMap<object>();
  /** Those whose constructor is about to run. */
  private readonly begun = new RowMap<RestoreDraft>();

  /**
   * @param em inside the transaction of the restore, with nothing loaded
   * @param plan all drafts, where only some of them are written
   */
  constructor(
    private readonly em: EntityManager,
    private readonly instance: AuditedInstance,
    private readonly drafts: readonly RestoreDraft[],
    plan = drafts,
  ) {
    this.rows = new PlanRows(em, instance, drafts, plan);
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
    const changed = [...this.rows.inOrder()].map((draft) => [draft]);
    const deleted = this.rows.of('delete').map((draft) => [draft]);
    for (const step of this.rows.letsGoOfDeleted() ? [...changed, ...deleted] : [...deleted, ...changed]) {
      const em = this.em.fork({ clear: true, keepTransactionContext: true });
      await new RestoreWriter(em, this.instance, step, this.drafts).writeAtOnce();
    }
  }

  private async writeAtOnce(): Promise<void> {
    await this.load();
    for (const draft of this.rows.of('delete')) {
      this.em.remove(this.entityOf(draft) as object);
    }
    // MikroORM deletes last; but what is deleted may have the unique values that come back.
    if (!this.rows.letsGoOfDeleted()) {
      await this.em.flush();
    }
    await this.loadHeld();
    await this.loadForConstructors();
    for (const draft of this.rows.of('create')) {
      this.create(draft);
    }
    for (const draft of [...this.rows.of('create'), ...this.rows.of('update')]) {
      this.assign(draft);
    }
    await this.em.flush();
  }

  /** One query for each class, and those of the relations that change. */
  private async load(): Promise<void> {
    const existing = [...this.rows.of('update'), ...this.rows.of('delete')];
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
      const options = { filters: false, populate, ...schemaOption(codec.policy) };
      const found: readonly Assignable[] = await this.em.find(meta.class, { $or: isAnyOf }, options);
      for (const entity of found) {
        const id = codec.entityId(keyOf(entity), 'unit-of-work');
        this.entities.set(rowOf(codec.policy, id), entity);
      }
    }
  }

  /** MikroORM takes a reference without a primary key for a new entity, so where another value leads to it, it is loaded. */
  private async loadHeld(): Promise<void> {
    for (const draft of [...this.rows.of('create'), ...this.rows.of('update')]) {
      for (const { prop, key } of assignmentOf(draft).references) {
        if (prop.targetKey !== undefined && !prop.mapToPk) {
          await this.loadByValue(draft.target.policy, prop, prop.targetKey, key);
        }
      }
    }
  }

  private async loadByValue(
    near: PlacedClass,
    prop: EntityProperty,
    targetKey: string,
    stored: JsonValue,
  ): Promise<void> {
    const target = this.rows.targetOf(prop, stored);
    if (!target?.meta || this.rows.planned(near, prop, target.meta, target.id)) {
      return;
    }
    const { meta, id, key } = target;
    const place = this.instance.policies.placeNear(near, meta);
    const fields = [...meta.primaryKeys, targetKey];
    const options = { filters: false, fields, ...schemaOption(place) };
    const found = await this.em.findOne(meta.class, { [targetKey]: key }, options);
    if (found) {
      this.held.set(rowOf(place, keyText([targetKey, id])), found);
    }
  }

  /** A constructor may read what it is given. */
  private async loadForConstructors(): Promise<void> {
    for (const draft of this.rows.of('create')) {
      const { policy } = draft.target;
      const wanted = assignmentOf(draft).references.filter(
        ({ prop, key }) =>
          isWantedByConstructor(policy.meta, prop) &&
          !prop.mapToPk &&
          key !== null &&
          !this.rows.created(policy, prop, key),
      );
      for (const { prop, key } of wanted) {
        const entity = wrap(Reference.unwrapReference(this.related(policy, prop, key) as object));
        if (!entity.isInitialized()) {
          await entity.init({ filters: false });
        }
      }
    }
  }

  private entityOf({ target }: RestoreDraft): Assignable | undefined {
    return this.entities.get(rowOf(target.policy, target.entityId));
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
      const target = this.rows.created(policy, prop, key);
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
    const options = { partial: true, persist: true, ...schemaOption(policy) } as const;
    const entity: Assignable = this.em.create(meta.class, data, options);
    this.entities.set(row, entity);
    return entity;
  }

  private assign(draft: RestoreDraft): void {
    const entity = this.entityOf(draft);
    if (!entity) {
      return;
    }
    const { policy } = draft.target;
    const { values, references } = assignmentOf(draft);
    // MikroORM leaves to a constructor what it makes of the values that it is given.
    const assigned = Object.entries(values).filter(
      ([name]) => draft.operation === 'update' || isWantedByConstructor(policy.meta, { name }),
    );
    assignValues(this.em, entity, policy.meta, assigned);
    for (const { prop, key } of references) {
      if (!prop.primary) {
        entity[prop.name] = this.related(policy, prop, key);
      }
    }
    for (const [name, ids] of draft.links) {
      const { prop } = policy.collections.get(name) ?? {};
      const collection = entity[name] as Collection<object>;
      const linked = prop ? ids.filter((id) => !this.rows.comesBackItself(draft, prop, id)) : [];
      collection.set(prop ? linked.map((id) => this.linked(policy, prop, id)) : []);
    }
  }

  /** The target of a reference as the property of a row holds it; null for none. */
  private related(near: PlacedClass, prop: EntityProperty, stored: JsonValue): unknown {
    const target = this.rows.targetOf(prop, stored);
    if (!target?.meta || prop.mapToPk) {
      return target?.key ?? null;
    }
    return Reference.wrapReference(this.find(near, prop, target.meta, target.id, target.key), prop);
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
    const draft = this.rows.planned(near, { targetKey }, meta, id);
    const place = this.instance.policies.placeNear(near, meta);
    const known = draft
      ? (this.entityOf(draft) ?? this.create(draft))
      : targetKey !== undefined && this.held.get(rowOf(place, keyText([targetKey, id])));
    return known || this.em.getReference(meta.class, key, schemaOption(place));
  }
}
