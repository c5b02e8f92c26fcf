import { type EntityMetadata, type EntityProperty, type MikroORM, ReferenceKind } from '@mikro-orm/core';
import { type DatabaseColumns, tableKey } from './database-columns.js';
import type { ColumnModel, EntityModel, LinkModel, PropertyModel } from './model.js';
import type { ColumnType, ObjectMember } from './normalize.js';

/** An audited class as its policy declares it. */
export interface AuditedClass {
  readonly meta: EntityMetadata;
  /** Name in the trail. */
  readonly name: string;
  /** MikroORM's property names that leave no trace. */
  readonly ignore: readonly string[];
}

/** Where the truth about the audited classes stands, from MikroORM's metadata and the catalog of the database. */
export function modelEntities(
  orm: Pick<MikroORM, 'config' | 'getMetadata'>,
  classes: readonly AuditedClass[],
  columns: DatabaseColumns,
  tenants: readonly string[],
): EntityModel[] {
  const audited = new Set<object>(classes.map(({ meta }) => meta.class));
  return classes.flatMap((declared) =>
    tenantsOf(declared.meta, tenants).map((tenant) =>
      new ModelBuilder(orm, declared, audited, columns, tenant).build(),
    ),
  );
}

/** The schemas in which each tenant has its own table of a class; null for that of all. */
export function tenantsOf({ root }: EntityMetadata, tenants: readonly string[]): readonly (string | null)[] {
  return root.schema === '*' ? tenants : [null];
}

class ModelBuilder {
  private readonly meta: EntityMetadata;

  constructor(
    private readonly orm: Pick<MikroORM, 'config' | 'getMetadata'>,
    private readonly declared: AuditedClass,
    private readonly audited: ReadonlySet<object>,
    private readonly columns: DatabaseColumns,
    private readonly tenant: string | null,
  ) {
    this.meta = declared.meta;
  }

  build(): EntityModel {
    const { meta } = this;
    const [first, ...others] = this.lineage().map((one) => this.tableOf(one));
    const tables = [first ?? this.tableOf(meta), ...others] as const;
    const keys = meta.primaryKeys.map((name) => this.property(name));
    const [key, ...furtherKeys] = keys.flatMap((prop) =>
      prop.fieldNames.map((name) => this.column(tables, name)),
    );
    if (!key) {
      throw new Error(`${meta.className} has no primary key.`);
    }
    const stored = [...keys, ...meta.props.filter((prop) => !prop.primary && hasColumn(prop))];
    const relations = meta.relations.filter((prop) => this.isRecordedHere(prop));
    const traced = (prop: EntityProperty): boolean => !this.isIgnored(prop);
    return {
      entityType: this.tenant === null ? this.declared.name : `${this.declared.name}@${this.tenant}`,
      tables,
      key: [key, ...furtherKeys],
      discriminator: this.discriminator(),
      subclassTables: (meta.allTPTDescendants ?? []).map((one) => this.tableOf(one)),
      properties: stored.filter(traced).map((prop) => this.modelProperty(prop, tables)),
      links: relations.filter(traced).map((prop) => this.modelLink(prop)),
      ignored: [...stored, ...relations]
        .filter((prop) => this.isIgnored(prop))
        .map((prop) => this.pathOf(prop)),
    };
  }

  /** The classes whose tables hold the row, root first. */
  private lineage(): EntityMetadata[] {
    const lineage = [this.meta];
    for (let parent = this.meta.tptParent; parent; parent = parent.tptParent) {
      lineage.unshift(parent);
    }
    return lineage;
  }

  private tableOf(meta: EntityMetadata): string {
    const schema = meta.schema ?? this.orm.config.get('schema');
    return tableKey(schema === '*' ? (this.tenant ?? schema) : schema, meta.tableName);
  }

  private property(name: string): EntityProperty {
    const prop = (this.meta.properties as Record<string, EntityProperty | undefined>)[name];
    if (!prop) {
      throw new Error(`${this.meta.className} has no property ${name}.`);
    }
    return prop;
  }

  private column(tables: readonly string[], name: string, type?: ColumnType): ColumnModel {
    const table = tables.find((candidate) => this.columns.get(candidate)?.has(name));
    const found = table === undefined ? undefined : this.columns.get(table)?.get(name);
    if (table === undefined || !found) {
      throw new Error(`No table of ${this.meta.className} (${tables.join(', ')}) has a column ${name}.`);
    }
    return { table, name, type: type ?? found };
  }

  private discriminator(): EntityModel['discriminator'] {
    const { root, discriminatorValue } = this.meta;
    const property = root.inheritanceType === 'sti' ? root.discriminatorColumn : undefined;
    if (property === undefined || discriminatorValue === undefined) {
      return null;
    }
    const column = this.property(property).fieldNames[0] ?? property;
    return { column, value: String(discriminatorValue) };
  }

  private modelProperty(prop: EntityProperty, tables: readonly string[]): PropertyModel {
    const type = prop.kind === ReferenceKind.EMBEDDED ? objectType(prop) : undefined;
    return {
      path: this.pathOf(prop),
      columns: prop.fieldNames.map((name) => this.column(tables, name, type)),
      primary: prop.primary === true,
      polymorphic: prop.polymorphic === true,
    };
  }

  private modelLink(prop: EntityProperty): LinkModel {
    const owning = prop.owner ? prop : prop.targetMeta?.properties[prop.mappedBy as never];
    const { pivotEntity, fixedOrder, fixedOrderColumn } = (owning ?? prop) as EntityProperty;
    const table = this.tableOf(this.orm.getMetadata().get(pivotEntity));
    const { discriminatorColumn, discriminatorValue } = prop;
    const hasClasses = (prop.polymorphTargets ?? []).length > 1 && discriminatorColumn !== undefined;
    const isShared =
      prop.polymorphic && discriminatorColumn !== undefined && discriminatorValue !== undefined;
    return {
      path: prop.name,
      table,
      ownerColumns: prop.joinColumns.map((name) => this.column([table], name)),
      targetColumns: [...(hasClasses ? [discriminatorColumn] : []), ...prop.inverseJoinColumns].map((name) =>
        this.column([table], name),
      ),
      filter: isShared ? { column: discriminatorColumn, value: discriminatorValue } : null,
      orderColumn:
        fixedOrder && fixedOrderColumn !== undefined ? this.column([table], fixedOrderColumn) : null,
    };
  }

  /** Links are recorded on the owning side; on the other one when the owning class is not audited. */
  private isRecordedHere(prop: EntityProperty): boolean {
    const isRelation = prop.kind === ReferenceKind.MANY_TO_MANY && prop.persist !== false;
    return (
      isRelation &&
      (prop.owner || (prop.targetMeta !== undefined && !this.audited.has(prop.targetMeta.class)))
    );
  }

  private isIgnored(prop: EntityProperty): boolean {
    return this.embeddedLineage(prop).some(({ name }) => this.declared.ignore.includes(name));
  }

  private pathOf(prop: EntityProperty): string {
    return this.embeddedLineage(prop)
      .map((link) => link.embedded?.[1] ?? link.name)
      .join('.');
  }

  /** The embeddables around a property, outermost first, and itself. */
  private embeddedLineage(prop: EntityProperty): EntityProperty[] {
    return prop.embedded ? [...this.embeddedLineage(this.property(prop.embedded[0])), prop] : [prop];
  }
}

function hasColumn(prop: EntityProperty): boolean {
  if (prop.persist === false || prop.formula !== undefined) {
    return false;
  }
  switch (prop.kind) {
    case ReferenceKind.SCALAR:
    case ReferenceKind.MANY_TO_ONE:
      return true;
    case ReferenceKind.ONE_TO_ONE:
      return prop.owner;
    case ReferenceKind.EMBEDDED:
      return prop.object === true || prop.array === true;
    default:
      return false;
  }
}

/** An embeddable in one JSON column, also as a list of them. */
function objectType(prop: EntityProperty): ColumnType {
  const members = Object.values(prop.embeddedProps).map((child): ObjectMember => {
    const name = child.embedded?.[1] ?? child.name;
    return { stored: child.fieldNames?.[0] ?? name, name, type: memberType(child) };
  });
  return { kind: 'object', array: false, members };
}

function memberType(child: EntityProperty): ColumnType {
  if (child.kind === ReferenceKind.EMBEDDED) {
    return objectType(child);
  }
  const [declared = ''] = child.columnTypes ?? [];
  if (/^timestamp/.test(declared)) {
    return { kind: 'instant', array: false };
  }
  const isExact = /^(numeric|decimal|bigint|int8)\b/.test(declared);
  return { kind: isExact ? 'number' : 'json', array: false };
}
