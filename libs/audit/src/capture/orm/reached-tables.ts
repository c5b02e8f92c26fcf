import { type EntityManager, type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { isMovable } from '../../policy/row-schema.js';
import { ANY_SCHEMA, tableInNotes } from '../../serialize/text/statement-note.js';
import type { Classes, ClassFacts } from './class-facts.js';
import type { FlushStatement } from './flush-statement.js';
import type { ForeignKeyRule } from './foreign-keys.js';
import { linkTableName, type MappedTable } from './link-table.js';
import { homeOf, isSharedRow } from './schema-facts.js';
import type { Schemas } from './schemas.js';

/**
 * The tables that a statement of a flush writes: its own, and those that it makes the database write by foreign key rules that
 * MikroORM knows. The flush looks at the rows of these, and records what becomes of them.
 */
export class ReachedTables {
  private readonly onDelete = new WeakMap<EntityMetadata, readonly MappedTable[]>();
  private readonly onKeyChange = new WeakMap<EntityMetadata, readonly MappedTable[]>();
  private readonly home: string;

  constructor(
    private readonly schemas: Schemas,
    private readonly em: EntityManager,
  ) {
    this.home = homeOf(em);
  }

  /** The quoted names of those besides its own, as notes have them. */
  of(statement: FlushStatement): readonly string[] {
    if (statement.event === 'links') {
      const { collections } = statement;
      return collections.flatMap(({ relation, ownerMeta, schema }) =>
        this.names(this.ofRelation(relation), ownerMeta, schema),
      );
    }
    return this.names(this.reached(statement), statement.meta, statement.schema);
  }

  /** The one that a statement writes itself; null for those of collections. */
  own(statement: FlushStatement): string | null {
    if (statement.event === 'links') {
      return null;
    }
    const { meta, schema } = statement;
    return this.names([tableOf(meta)], meta, schema)[0] ?? null;
  }

  /**
   * @param meta the class from whose rows the tables are reached
   * @param schema that of the rows, where their class has none of its own
   */
  private names(tables: readonly MappedTable[], meta: EntityMetadata, schema = this.home): readonly string[] {
    const around = schema === ANY_SCHEMA ? this.home : schema;
    // Rows that all tenants share are referred to from the tables of each.
    const ofNobody = isMovable(meta) ? around : this.home;
    const ofTenant = isSharedRow(meta, { schema: ofNobody }, this.em) ? ANY_SCHEMA : around;
    return tables.map((table) =>
      tableInNotes(table.schema === '*' ? ofTenant : (table.schema ?? ofNobody), table.name),
    );
  }

  private reached(statement: Exclude<FlushStatement, { event: 'links' }>): readonly MappedTable[] {
    if ('names' in statement) {
      return this.ofUpdate(statement.meta, statement.names);
    }
    return statement.event === 'delete' ? this.ofDelete(statement.meta) : [];
  }

  private ofRelation(prop: EntityProperty): readonly MappedTable[] {
    if (prop.kind === ReferenceKind.MANY_TO_MANY) {
      return [this.linkTable(prop)];
    }
    return prop.targetMeta ? [tableOf(prop.targetMeta), ...this.ofDelete(prop.targetMeta)] : [];
  }

  private ofDelete(meta: EntityMetadata): readonly MappedTable[] {
    return remembered(this.onDelete, meta, () => {
      const facts = this.factsOf(meta);
      return [...this.reachOf(facts.deleteRules), ...this.linkTablesOf(facts)];
    });
  }

  private ofUpdate(meta: EntityMetadata, names: () => readonly string[]): readonly MappedTable[] {
    const { keyRules, relations } = this.factsOf(meta);
    if (keyRules.length + relations.length === 0) {
      return [];
    }
    const sent = names();
    const keys = [...meta.primaryKeys, ...keyRules.flatMap(({ reference }) => reference.targetKey ?? [])];
    return keys.some((name) => sent.includes(name))
      ? remembered(this.onKeyChange, meta, () => [
          ...this.reachOf(keyRules),
          ...this.linkTablesOf(this.factsOf(meta)),
        ])
      : [];
  }

  private reachOf(rules: readonly ForeignKeyRule[]): readonly MappedTable[] {
    const classes = this.classes();
    return [...classes.foreignKeys.reachOf(rules)].flatMap((root) => {
      const meta = this.em.getMetadata().get<object>(root as never) as unknown as EntityMetadata;
      return [tableOf(meta), ...this.linkTablesOf(this.factsOf(meta))];
    });
  }

  /** Of all classes of the table: a row may be of one that extends the class. */
  private linkTablesOf({ meta }: ClassFacts): readonly MappedTable[] {
    return [...this.em.getMetadata().getAll().values()]
      .filter(({ root }) => root.class === meta.root.class)
      .flatMap((one) => this.factsOf(one as EntityMetadata).relations)
      .map(({ owning }) => this.linkTable(owning));
  }

  /** Without a schema of its own it is in the default one, wherever the rows of its classes are, see `linkSchema`. */
  private linkTable(prop: EntityProperty): MappedTable {
    const { schema = this.home, name } = linkTableName(prop, this.em.getMetadata());
    return { schema, name };
  }

  private factsOf(meta: EntityMetadata): ClassFacts {
    return this.classes().of(meta as EntityMetadata<object>, this.em);
  }

  private classes(): Classes {
    return this.schemas.from(this.em);
  }
}

function tableOf({ root }: EntityMetadata): MappedTable {
  return { schema: root.schema, name: root.tableName };
}

function remembered<Key extends object, Value>(
  known: WeakMap<Key, Value>,
  key: Key,
  make: () => Value,
): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
