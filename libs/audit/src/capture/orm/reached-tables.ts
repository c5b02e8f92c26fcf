import { type EntityManager, type EntityMetadata, ReferenceKind } from '@mikro-orm/core';
import type { FlushStatement } from './audit-driver.js';
import type { Classes, ClassFacts } from './class-facts.js';
import type { ForeignKeyRule } from './foreign-keys.js';
import { linkTableName, type MappedTable } from './link-table.js';
import type { Schemas } from './schemas.js';

/**
 * The tables besides its own that a statement of a flush makes the database write, by foreign key rules that MikroORM knows: the
 * flush looks at their rows, and records what becomes of them.
 */
export class ReachedTables {
  private readonly onDelete = new WeakMap<EntityMetadata, readonly MappedTable[]>();
  private readonly onKeyChange = new WeakMap<EntityMetadata, readonly MappedTable[]>();

  constructor(
    private readonly schemas: Schemas,
    private readonly em: EntityManager,
  ) {}

  of(statement: FlushStatement): readonly MappedTable[] {
    switch (statement.event) {
      case 'insert':
        return [];
      case 'delete':
        return this.ofDelete(statement.meta);
      case 'update':
        return this.ofUpdate(statement.meta, statement.names);
      case 'links':
        return statement.relations.flatMap((prop) =>
          prop.kind === ReferenceKind.MANY_TO_MANY
            ? [linkTableName(prop)]
            : prop.targetMeta
              ? [tableOf(prop.targetMeta), ...this.ofDelete(prop.targetMeta)]
              : [],
        );
    }
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
      .map(({ owning }) => linkTableName(owning));
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
