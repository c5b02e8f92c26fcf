import {
  type EntityManager,
  type EntityMetadata,
  helper,
  type MikroORM,
  ReferenceKind,
} from '@mikro-orm/core';
import pg, { type Client } from 'pg';
import { catalog } from './catalog.js';

interface CommittedRow {
  readonly seq: string;
  /** Null for the schema of all. */
  readonly tenant: string | null;
  readonly table: string;
  readonly operation: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** The key columns by which a table refers to entities of a class. */
interface Holder {
  readonly meta: EntityMetadata;
  readonly columns: readonly string[];
  readonly isLink: boolean;
  /** MikroORM compares lock versions in updates, but not in deletes. */
  readonly isVersioned: boolean;
}

/**
 * Without `exact` or a lock version the trail's `before` is by design what the unit of work has loaded. So a unit of
 * work that holds a row which somebody else has updated forgets it, as an application must that wants to be right.
 * Rows that somebody else has deleted it may keep.
 */
export class CommitWitness {
  private readonly seen = new Set<string>();
  private readonly holders: ReadonlyMap<string, readonly Holder[]>;

  private constructor(
    private readonly client: Client,
    orm: Pick<MikroORM, 'getMetadata'>,
  ) {
    this.holders = findHolders(orm);
  }

  static async connect(url: string, orm: Pick<MikroORM, 'getMetadata'>): Promise<CommitWitness> {
    const client = new pg.Client({ connectionString: url });
    // Dropping the database cuts the connection.
    client.on('error', () => undefined);
    await client.connect();
    return new CommitWitness(client, orm);
  }

  async restart(): Promise<void> {
    this.seen.clear();
    await this.committed();
  }

  /** Lets units of work forget what somebody else has updated since the last call. */
  async forgetIn(managers: Iterable<EntityManager>): Promise<void> {
    const rows = await this.committed();
    for (const em of rows.length === 0 ? [] : managers) {
      if (rows.some((row) => this.isHeld(row, em))) {
        em.clear();
      }
    }
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  private async committed(): Promise<readonly CommittedRow[]> {
    const { rows } = await this.client.query<CommittedRow>(
      `select seq::text, substring(table_name from '(.*)[.]') as tenant, substring(table_name from '[^.]*$') as "table", operation, coalesce(old, new) as row from shadow.truth order by seq`,
    );
    const fresh = rows.filter(({ seq }) => !this.seen.has(seq));
    for (const { seq } of fresh) {
      this.seen.add(seq);
    }
    return fresh;
  }

  private isHeld({ tenant, table, operation, row }: CommittedRow, em: EntityManager): boolean {
    return (this.holders.get(table) ?? [])
      .filter(({ isLink }) => isLink || operation !== 'DELETE')
      .some(({ meta, columns, isVersioned }) => {
        const key = columns.map((column) => String(row[column])).join();
        const unitOfWork = em.getUnitOfWork(false);
        const entities = isVersioned ? unitOfWork.getRemoveStack() : unitOfWork.getIdentityMap();
        return [...entities].some(
          (entity) =>
            entity instanceof meta.class &&
            keyText(entity) === key &&
            (meta.root.schema !== '*' || helper(entity).__schema === tenant),
        );
      });
  }
}

function findHolders(orm: Pick<MikroORM, 'getMetadata'>): Map<string, Holder[]> {
  const holders = new Map<string, Holder[]>();
  const add = (table: string, holder: Holder): void => {
    holders.set(table, [...(holders.get(table) ?? []), holder]);
  };
  for (const { entity, shared } of Object.values(catalog)) {
    const meta = orm.getMetadata().get(entity) as unknown as EntityMetadata;
    if (shared === 'exact') {
      continue;
    }
    const columns = meta.getPrimaryProps().flatMap((prop) => prop.fieldNames);
    for (const { tableName } of [meta, meta.root]) {
      add(tableName, { meta, columns, isLink: false, isVersioned: shared === 'versioned' });
    }
    for (const prop of meta.relations.filter(
      ({ kind, owner }) => kind === ReferenceKind.MANY_TO_MANY && owner,
    )) {
      const { tableName } = orm.getMetadata().get(prop.pivotEntity as never) as unknown as EntityMetadata;
      add(tableName, { meta, columns: prop.joinColumns, isLink: true, isVersioned: false });
      if (prop.targetMeta) {
        add(tableName, {
          meta: prop.targetMeta,
          columns: prop.inverseJoinColumns,
          isLink: true,
          isVersioned: false,
        });
      }
    }
  }
  return holders;
}

function keyText(entity: object): string {
  return (helper(entity).getPrimaryKeys(true) ?? []).flat(Number.POSITIVE_INFINITY).join();
}
