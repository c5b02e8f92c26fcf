import { type EntityMetadata, type EntityProperty, type Platform, ReferenceKind } from '@mikro-orm/core';
import type { JsonObject, JsonValue } from '../../model/json.js';
import type { AuditedCollection, AuditedProperty, EntityPolicy } from '../../policy/entity-policy.js';
import { decodeValue } from '../json/value-codec.js';
import { type CodecSettings, PropertyCodec, type ValueSource } from '../property/property-codec.js';
import { decodeKeyText } from '../property/property-decoder.js';
import { textsOfKey } from '../text/texts-of-key.js';
import { keyText } from './key-text.js';
import { linkIds } from './links.js';

/** The codecs of one entity's properties, by MikroORM's name and by path. */
export class EntityCodec {
  readonly properties: ReadonlyMap<string, PropertyCodec>;
  /** Of the properties, by MikroORM's name. */
  readonly names: readonly string[];
  /** Properties whose values the database makes: lock versions and generated columns. */
  readonly managed: readonly EntityProperty[];
  /** True when values are stored under the names of the properties, and none is masked. */
  readonly isVerbatim: boolean;
  /** Properties that may have labels of what they point to. */
  readonly references: readonly AuditedProperty[];
  /** Paths of the relations whose targets the trail names: to-one relations and recorded links, unless masked. */
  readonly relationPaths: readonly string[];
  /** How many parts a key may be given in: one for each property of it, or one for each column. */
  readonly keySizes: readonly number[];
  private readonly byPath: ReadonlyMap<string, PropertyCodec>;
  private readonly collections: ReadonlyMap<string, AuditedCollection>;
  private readonly platform: Platform;
  /** The latest ordinary key, which is its own id: one change asks for it several times. */
  private lastId: string | null = null;

  /** @param known of the same class in another schema */
  constructor(
    readonly policy: EntityPolicy,
    private readonly settings: CodecSettings,
    known?: EntityCodec,
  ) {
    this.properties =
      known?.properties ??
      new Map(
        [...policy.properties.values()].map((property) => [
          property.name,
          new PropertyCodec(property, settings),
        ]),
      );
    this.names = [...this.properties.keys()];
    this.byPath = new Map([...this.properties.values()].map((codec) => [codec.property.path, codec]));
    this.collections = policy.collections;
    this.managed = policy.meta.props.filter((prop) => prop.version === true || prop.generated !== undefined);
    const properties = [...policy.properties.values()];
    this.isVerbatim = properties.every(({ name, path, mask }) => name === path && mask === null);
    this.references = properties.filter(({ prop, mask }) => isToOne(prop) && mask === null);
    const linked = [...this.collections.values()].flatMap(({ name, isMasked }) => (isMasked ? [] : [name]));
    this.relationPaths = [...this.references.map(({ path }) => path), ...linked];
    const keys = policy.meta.getPrimaryProps();
    const columns = keys.flatMap(({ fieldNames }) => fieldNames);
    this.keySizes = [...new Set([keys.length, columns.length])];
    this.platform = settings.platform;
  }

  /** For the same class in the schema of another policy of it. */
  under(policy: EntityPolicy): EntityCodec {
    return policy === this.policy ? this : new EntityCodec(policy, this.settings, this);
  }

  /**
   * The entity id in the trail.
   * @param data values in database form that include the key
   */
  entityId(data: Readonly<Record<string, unknown>>, source: ValueSource): string {
    const { primaryKeys } = this.policy.meta;
    const [only, second] = primaryKeys;
    if (only !== undefined && second === undefined) {
      const key = data[only];
      if (typeof key === 'string' && key === this.lastId) {
        return key;
      }
      const id = this.properties.get(only)?.ordinary(key);
      if (typeof id === 'string' || typeof id === 'number') {
        const text = String(id);
        this.lastId = text === key ? text : this.lastId;
        return text;
      }
    }
    return keyText(primaryKeys.map((name) => this.keyPart(name, data[name], source)));
  }

  /**
   * The entity id of a key as the application has it, in whatever spelling the key's type allows.
   * @param parts in the order of the key; those of a key that a custom type converts in database form
   */
  entityIdOf(parts: readonly unknown[]): string {
    const { primaryKeys } = this.policy.meta;
    return keyText(
      parts.length === primaryKeys.length
        ? primaryKeys.map((name, index) => this.keyPart(name, parts[index], 'unit-of-work'))
        : parts.map(String),
    );
  }

  /**
   * The key that an entity id stands for, by property name, as texts that PostgreSQL takes for any key type.
   * Undefined when the id does not fit the key.
   */
  keyOf(entityId: string): Record<string, unknown> | undefined {
    const { meta } = this.policy;
    const columns = meta.primaryKeys.map(
      (name) => this.properties.get(name)?.property.prop.fieldNames.length ?? 1,
    );
    const total = columns.reduce((sum, count) => sum + count, 0);
    const parts = textsOfKey(entityId, total);
    if (!parts) {
      return undefined;
    }
    let next = 0;
    return Object.fromEntries(
      meta.primaryKeys.map((name, index) => {
        const own = parts.slice(next, next + (columns[index] ?? 1));
        next += own.length;
        return [name, own.length === 1 ? own[0] : own];
      }),
    );
  }

  /** Unmasked JSON of one property; null for a property that is not audited. */
  encode(name: string, value: unknown, source: ValueSource): JsonValue {
    return this.properties.get(name)?.encode(value, source) ?? null;
  }

  /** Stored values, decoded, by path. Tags decode the values of properties no longer declared. */
  decode(values: JsonObject): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(values).map(([path, value]) => [path, this.decodePath(path, value)]),
    );
  }

  /** The key that was sent may be spelled otherwise than the one that is stored. */
  private keyPart(name: string, value: unknown, source: ValueSource): JsonValue {
    const key = this.encode(name, value, source);
    return this.properties.get(name)?.storedForm(key) ?? key;
  }

  /** The codec of a property by its path; undefined for a relation's links, and for what is not audited. */
  ofPath(path: string): PropertyCodec | undefined {
    return this.byPath.get(path);
  }

  /** One stored value, decoded. Tags decode the values of properties no longer declared. */
  decodePath(path: string, value: JsonValue): unknown {
    const codec = this.byPath.get(path);
    if (codec) {
      return codec.decode(value);
    }
    const collection = this.collections.get(path);
    const ids = collection && linkIds(value);
    return ids ? ids.map((id) => decodeKeyText(collection.prop, id, this.platform)) : decodeUndeclared(value);
  }
}

/** A stored value of which nothing is known but its tags; links are the ids of what they lead to. */
export function decodeUndeclared(value: JsonValue): unknown {
  return linkIds(value) ?? decodeValue(value);
}

function isToOne({ kind, owner, polymorphic }: EntityProperty): boolean {
  return !polymorphic && (kind === ReferenceKind.MANY_TO_ONE || (kind === ReferenceKind.ONE_TO_ONE && owner));
}

/** The codecs of all audited entities of one MikroORM instance, as they are seen from one schema. */
export class EntityCodecs {
  /** By class, because a class that two MikroORM instances share has metadata objects of both. */
  private readonly byClass: ReadonlyMap<object, EntityCodec>;
  private readonly descendants = new Map<object, readonly EntityCodec[]>();

  private constructor(
    codecs: Iterable<EntityCodec>,
    /** Those of all schemas. */
    private readonly byPolicy: WeakMap<EntityPolicy, EntityCodec>,
    private readonly views: WeakMap<readonly EntityPolicy[], EntityCodecs>,
  ) {
    this.byClass = new Map([...codecs].map((codec) => [codec.policy.meta.class, codec]));
  }

  /** Made at boot. */
  static of(policies: readonly EntityPolicy[], settings: CodecSettings): EntityCodecs {
    const codecs = policies.map((policy) => new EntityCodec(policy, settings));
    return new EntityCodecs(codecs, new WeakMap(codecs.map((codec) => [codec.policy, codec])), new WeakMap());
  }

  /** @param policies as they are seen from another schema */
  under(policies: readonly EntityPolicy[]): EntityCodecs {
    let view = this.views.get(policies);
    if (!view) {
      const codecs = policies.map((policy) => this.ofPolicy(policy));
      view = new EntityCodecs(codecs, this.byPolicy, this.views);
      this.views.set(policies, view);
    }
    return view;
  }

  /** In the schema of the policy, whichever these are seen from. */
  ofPolicy(policy: EntityPolicy): EntityCodec {
    const known = this.byPolicy.get(policy) ?? this.byClass.get(policy.meta.class)?.under(policy);
    if (!known) {
      throw new Error(`${policy.name} is of another MikroORM instance.`);
    }
    this.byPolicy.set(policy, known);
    return known;
  }

  /** Undefined when the entity is not audited. */
  find(meta: Pick<EntityMetadata, 'class'>): EntityCodec | undefined {
    return this.byClass.get(meta.class);
  }

  all(): Iterable<EntityCodec> {
    return this.byClass.values();
  }

  /** The audited classes that extend the entity's class in its table, those that extend others first. */
  below({ class: base, root }: Pick<EntityMetadata, 'class' | 'root'>): readonly EntityCodec[] {
    const known = this.descendants.get(base);
    if (known) {
      return known;
    }
    const found = [...this.all()]
      .filter(
        ({ policy: { meta } }) => meta.root.class === root.class && meta.class.prototype instanceof base,
      )
      .sort((one, other) => depthOf(other) - depthOf(one));
    this.descendants.set(base, found);
    return found;
  }

  /** The audited classes that rows of a class may be of: those that extend it first, then itself. */
  family(meta: Pick<EntityMetadata, 'class' | 'root'>): readonly EntityCodec[] {
    const own = this.find(meta);
    return own ? [...this.below(meta), own] : this.below(meta);
  }
}

function depthOf({ policy }: EntityCodec): number {
  let depth = 0;
  for (let one: unknown = policy.meta.class; typeof one === 'function'; one = Object.getPrototypeOf(one)) {
    depth++;
  }
  return depth;
}
