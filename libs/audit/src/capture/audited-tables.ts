import type { EntityMetadata, MetadataStorage } from '@mikro-orm/core';
import type { EntityPolicy } from '../policy/entity-policy.js';
import { linkTableName, type MappedTable } from './orm/link-table.js';
import type { WrittenTable } from './orm/written-tables.js';

interface AuditedTable {
  readonly policy: EntityPolicy;
  /** Null where each tenant has one of its own. */
  readonly schema: string | null;
  /** Whether an EntityManager with another schema writes to a table of that one instead. */
  readonly isMovable: boolean;
}

/** Finds audited classes by the tables that a statement names. */
export class AuditedTables {
  private readonly byName = new Map<string, AuditedTable[]>();

  /** @param home where tables are that name no schema */
  constructor(
    policies: readonly EntityPolicy[],
    private readonly home: string,
    metadata: MetadataStorage,
  ) {
    for (const policy of policies) {
      // A row of a class with joined tables is in the tables of its base classes, too.
      for (let meta: EntityMetadata | undefined = policy.meta; meta; meta = meta.tptParent) {
        this.add(policy, { schema: meta.schema, name: meta.tableName }, meta.schema === undefined);
      }
      for (const { prop } of policy.collections.values()) {
        this.add(policy, linkTableName(prop, metadata));
      }
    }
  }

  /** The classes whose rows, or links, are in one of the tables. */
  of(tables: readonly WrittenTable[]): readonly EntityPolicy[] {
    return this.policies(
      tables,
      (table, schema) => schema === null || table.schema === null || table.schema === schema,
    );
  }

  /**
   * The classes whose rows are in one of the tables only because an EntityManager has another schema than the default one.
   * @param around the schema of the EntityManager; undefined where it has none
   */
  movedTo(tables: readonly WrittenTable[], around: string | undefined): readonly EntityPolicy[] {
    return around === undefined || around === this.home
      ? []
      : this.policies(tables, ({ isMovable }, schema) => isMovable && schema === around);
  }

  private policies(
    tables: readonly WrittenTable[],
    isMeant: (table: AuditedTable, schema: string | null) => boolean,
  ): readonly EntityPolicy[] {
    const found = tables.flatMap(({ schema, name }) =>
      (this.byName.get(name) ?? []).filter((table) => isMeant(table, schema)),
    );
    return [...new Set(found.map(({ policy }) => policy))];
  }

  private add(policy: EntityPolicy, { schema, name }: MappedTable, isMovable = false): void {
    const table = { policy, schema: schema === '*' ? null : (schema ?? this.home), isMovable };
    this.byName.set(name, [...(this.byName.get(name) ?? []), table]);
  }
}
