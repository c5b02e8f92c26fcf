import type { EntityMetadata, EntityName, FilterQuery } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import type { EntityValues } from './entity-facts.js';

/** The alias of the table that rows are taken from. */
const ALIAS = 'r';

/** Which rows of a class to go through. */
export interface RowPage {
  /** The entity id behind which it begins; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
  /** Conditions of the application; null for all rows. */
  readonly where: FilterQuery<object> | null;
}

/** The keys of the rows of a class, page by page, in the order of its primary key. */
export class RowPages {
  private readonly columns: readonly string[];
  /** The classes that extend this one. */
  readonly subclasses: readonly EntityMetadata[];

  constructor(
    private readonly em: EntityManager,
    private readonly codec: EntityCodec,
    private readonly readsFrom: 'read' | 'write',
  ) {
    const { meta } = codec.policy;
    const quote = (column: string): string => em.getPlatform().quoteIdentifier(`${ALIAS}.${column}`);
    this.columns = meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames.map(quote));
    this.subclasses = [...em.getMetadata().getAll().values()].filter(
      (other) => other.root.class === meta.root.class && other.class.prototype instanceof meta.class,
    );
  }

  /** Entity ids in order, with those of rows that are of a class which extends this one; fewer than the limit at the end. */
  async ids({ after, limit, where }: RowPage): Promise<readonly string[]> {
    const { meta } = this.codec.policy;
    const query = this.query(meta)
      .orderBy(meta.primaryKeys.map((name) => ({ [name]: 'asc' })) as never)
      .limit(limit);
    if (where !== null) {
      query.andWhere(where as never);
    }
    const key = after === null ? undefined : this.codec.keyOf(after);
    if (key) {
      const marks = this.columns.map(() => '?').join(', ');
      query.andWhere(`(${this.columns.join(', ')}) > (${marks})`, Object.values(key).flat());
    }
    return this.idsOf(await query.execute<EntityValues[]>('all'));
  }

  /** Those of some entities whose rows are of a class that extends this one. */
  async extending(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const keys = ids.flatMap((id) => this.codec.keyOf(id) ?? []);
    const found = new Set<string>();
    for (const meta of keys.length === 0 ? [] : this.subclasses) {
      const rows = await this.query(meta)
        .where({ $or: keys } as never)
        .execute<EntityValues[]>('all');
      for (const id of this.idsOf(rows)) {
        found.add(id);
      }
    }
    return found;
  }

  /** The table of the class, of several the one of their root; quoted. */
  get table(): string {
    const { meta, schema = meta.root.schema } = this.codec.policy;
    const { tableName } = meta.root;
    return this.em.getPlatform().quoteIdentifier(schema ? `${schema}.${tableName}` : tableName);
  }

  /** About how many rows there are; all of the table, whatever their class. Counted where PostgreSQL has no estimate. */
  async estimate(): Promise<number> {
    const { table } = this;
    const run = async (sql: string, parameters: readonly unknown[] = []): Promise<number> => {
      const [row] = await this.em.getConnection(this.readsFrom).execute(sql, [...parameters]);
      return Number(row?.count ?? 0);
    };
    const estimated = await run('select reltuples::float8 as count from pg_class where oid = ?::regclass', [
      table,
    ]);
    return estimated > 0 ? estimated : run(`select count(*)::float8 as count from ${table}`);
  }

  private idsOf(rows: readonly EntityValues[]): readonly string[] {
    return rows.map((row) => this.codec.entityId(row, 'row'));
  }

  private query(meta: EntityMetadata) {
    const { schema } = this.codec.policy;
    const query = this.em
      .createQueryBuilder(meta.class as EntityName<object>, ALIAS, this.readsFrom)
      .select(meta.primaryKeys as never);
    return schema === undefined ? query : query.withSchema(schema);
  }
}
