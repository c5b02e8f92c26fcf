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
import { RowMap, type RowName } from '../model/row-map.js';
import type { PlacedClass, RowPlace } from '../policy/row-schema.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import { keyText } from '../serialize/entity/key-text.js';
import { isJsonObject } from '../serialize/json/json-shape.js';
import { decodeValue } from '../serialize/json/value-codec.js';
import { decodeKeyText, decodeProperty } from '../serialize/property/property-decoder.js';
import { textsOfKey } from '../serialize/text/texts-of-key.js';
import { type Assignable, assignmentOf, assignValues } from './entity-values.js';
import type { RestoreDraft } from './restore-draft.js';
import { rowOf } from './restore-target.js';

/** Carries a plan out through the unit of work, so that hooks run and the trail records it. */
export class RestoreWriter {
  /** Entities that are new, and those that are loaded. */
  private readonly entities = new RowMap<Assignable>();
  private readonly creating: RowMap<RestoreDraft>;
  /** Those whose constructor is about to run. */
  private readonly begun = new RowMap<RestoreDraft>();

  /** @param em inside the transaction of the restore, with nothing loaded */
  constructor(
    private readonly em: EntityManager,
    private readonly instance: AuditedInstance,
    private readonly drafts: readonly RestoreDraft[],
  ) {
    this.creating = new RowMap(
      this.of('create').map((draft) => [rowOf(draft.target.policy, draft.target.entityId), draft]),
    );
  }

  async write(): Promise<void> {
    await this.load();
    for (const draft of this.of('delete')) {
      this.em.remove(this.entityOf(draft) as object);
    }
    // MikroORM deletes last; but what is deleted may have the unique values that come back.
    if (!this.letsGoOfDeleted()) {
      await this.em.flush();
    }
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
      const populate = [...new Set(ofClass.flatMap(({ links }) => [...links.keys()]))];
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

  /** A constructor may read what it is given. */
  private async loadForConstructors(): Promise<void> {
    for (const draft of this.of('create')) {
      for (const { prop, key } of assignmentOf(draft).references) {
        const { policy } = draft.target;
        const isWanted = isWantedByConstructor(policy.meta, prop) && !prop.mapToPk;
        if (isWanted && key !== null && !this.isNew(policy, prop, key)) {
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
    const deleted = new RowMap(
      this.of('delete').map(({ target }) => [rowOf(target.policy, target.entityId), target]),
    );
    return this.of('update').some(({ target, writes, live }) =>
      [...writes.keys()].some((path) => {
        const meta = target.codec.ofPath(path)?.property.prop.targetMeta;
        const key = live?.values.get(path) ?? null;
        return meta !== undefined && key !== null && deleted.has(this.targetRow(target.policy, meta, key));
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
      if (prop.primary || !this.isNew(policy, prop, key)) {
        return true;
      }
      const target = this.targetRow(policy, prop.targetMeta as EntityMetadata, key);
      return isWantedByConstructor(meta, prop) && (this.entities.has(target) || !this.begun.has(target));
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

  private isNew(near: PlacedClass, prop: EntityProperty, key: JsonValue): boolean {
    return prop.targetMeta !== undefined && this.creating.has(this.targetRow(near, prop.targetMeta, key));
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
    return this.of('create').some(({ target: { codec }, writes }) => {
      const keys = ends?.map(
        ({ name }) => writes.get(codec.properties.get(name)?.property.path ?? name) ?? null,
      );
      return (
        codec.policy.meta.class === rows?.meta.class &&
        columnText([target.entityId, id]) === columnText(keys?.map((key) => keyText([key])) ?? [])
      );
    });
  }

  /** The target of a reference as the property of a row holds it; null for none. */
  private related(near: PlacedClass, prop: EntityProperty, key: JsonValue): unknown {
    if (key === null) {
      return null;
    }
    const isTyped = prop.polymorphic && isJsonObject(key);
    const id = isTyped ? (key.id ?? null) : key;
    const meta = isTyped ? this.oneOf(prop, String(key.type)) : prop.targetMeta;
    const decoded = isTyped ? decodeValue(id) : decodeProperty(prop, id, this.em.getPlatform());
    if (!meta || prop.mapToPk) {
      return decoded;
    }
    return Reference.wrapReference(this.find(near, meta, keyText([id]), decoded), prop);
  }

  private oneOf({ discriminatorMap }: EntityProperty, type: string): EntityMetadata | undefined {
    const target = discriminatorMap?.[type];
    return target && this.em.getMetadata().find(target);
  }

  private linked(near: PlacedClass, prop: EntityProperty, id: string): object {
    const meta = prop.targetMeta as EntityMetadata;
    const columns = meta.getPrimaryProps(true).length;
    const key = meta.compositePK ? textsOfKey(id, columns) : decodeKeyText(prop, id, this.em.getPlatform());
    return this.find(near, meta, id, key);
  }

  private find(near: PlacedClass, meta: EntityMetadata, id: string, key: unknown): object {
    const place = this.instance.policies.placeNear(near, meta);
    const row = rowOf(place, id);
    const draft = this.creating.get(row);
    const known = this.entities.get(row) ?? (draft && this.create(draft));
    return known ?? this.em.getReference(meta.class, key, schemaOption(place));
  }

  /** The row of what another one refers to. */
  private targetRow(near: PlacedClass, meta: EntityMetadata, key: JsonValue): RowName {
    return rowOf(this.instance.policies.placeNear(near, meta), keyText([key]));
  }
}

function schemaOption({ schema }: RowPlace): { readonly schema?: string } {
  return schema === undefined ? {} : { schema };
}
