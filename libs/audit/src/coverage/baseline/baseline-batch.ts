import { IsolationLevel, LockWaitTimeoutException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { RowPages } from '../../capture/orm/row-pages.js';
import { RowReader } from '../../capture/orm/row-reader.js';
import type { SqlTransaction } from '../../model/sql-transaction.js';
import { type LinksById, LiveReader } from '../../restore/live-reader.js';
import type { CoveredClass } from '../tables/covered-classes.js';
import { toldEntities } from '../tables/told-entities.js';
import { openLinkTable } from './link-locks.js';

/** Shorter than PostgreSQL's `deadlock_timeout`: of two that wait for each other it is always the baseline that gives way. */
const LOCK_TIMEOUT = '500ms';

/** How a batch meets rows that others have locked: it leaves them out, or waits for them a little. */
export type Manner = 'free' | 'wait';

/** The rows of a batch, by their fate. */
export interface BatchResult {
  readonly recorded: number;
  /** Rows that are there and that somebody else has locked, or whose links. */
  readonly locked: readonly string[];
}

/**
 * Records rows in a transaction of its own. They are locked before they are read, so that whoever is changing them has
 * committed, and whoever changes them next writes to the trail after it. So are their links: removals by locks on the rows
 * of the link table, additions by the lock on the owner, which their foreign key asks for; where there is no such key, by
 * a lock on the table. Changes that the trail has of the rows by then are seen after that.
 */
export class BaselineBatch {
  private locksTables: readonly string[] | undefined;

  constructor(
    private readonly covered: CoveredClass,
    private readonly pages: RowPages,
  ) {}

  /** @param isAgain whether also rows are recorded that the trail knows already */
  async record(ids: readonly string[], manner: Manner, isAgain = false): Promise<BatchResult> {
    const { instance, policy } = this.covered;
    const schema = policy.schema || instance.policies.schema;
    const em = instance.policies.orm.em.fork(schema ? { schema } : {}) as EntityManager;
    this.locksTables ??= await this.openTables(em);
    try {
      return await em.transactional((inner) => this.recordIn(inner as EntityManager, ids, manner, isAgain), {
        // Each statement has to see what was committed while the one before it waited.
        isolationLevel: IsolationLevel.READ_COMMITTED,
      });
    } catch (error) {
      if (isLockTimeout(error)) {
        return { recorded: 0, locked: ids };
      }
      throw error;
    }
  }

  private async recordIn(
    em: EntityManager,
    ids: readonly string[],
    manner: Manner,
    isAgain: boolean,
  ): Promise<BatchResult> {
    const { codec, policy, instance } = this.covered;
    const transaction = em.getTransactionContext<SqlTransaction>() as SqlTransaction;
    await this.prepare(em);
    const live = new LiveReader(instance);
    const wait = manner === 'wait';
    const lock = policy.collections.size > 0 ? 'delete' : 'update';
    const wanted = ids.map((entityId) => ({ entityId }));
    const rows = new Map(await live.rows(codec, wanted, wait ? lock : `${lock} free`));
    const skipped = wait || rows.size === ids.length ? [] : await this.present(live, ids, rows);
    for (const id of await this.pages.extending([...rows.keys()])) {
      rows.delete(id);
    }
    for (const id of isAgain ? [] : await toldEntities(this.covered, [...rows.keys()])) {
      rows.delete(id);
    }
    const own = [...rows.keys()];
    const links = await live.linksOf(codec, own, wait ? 'update' : 'update free');
    const contested = wait ? [] : contestedOwners(own, links, await live.linksOf(codec, own));
    for (const id of contested) {
      rows.delete(id);
    }
    const reader = new RowReader(em, transaction);
    const found = { codec, rows, links };
    const changes = rows.size === 0 ? [] : await instance.finder.baselines(found, em, reader);
    if (changes.length > 0) {
      await instance.journal.writeFound(changes, transaction);
    }
    // Rows that came into the identity map have not changed by it.
    em.clear();
    return { recorded: changes.length, locked: [...skipped, ...contested] };
  }

  private async prepare(em: EntityManager): Promise<void> {
    const run = (sql: string) =>
      em.getConnection('write').execute(sql, [], 'run', em.getTransactionContext());
    await run(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    for (const table of this.locksTables ?? []) {
      await run(`lock table ${table} in share mode`);
    }
  }

  /** Those that are there all the same. */
  private async present(
    live: LiveReader,
    ids: readonly string[],
    free: ReadonlyMap<string, unknown>,
  ): Promise<readonly string[]> {
    const missing = ids.filter((id) => !free.has(id)).map((entityId) => ({ entityId }));
    return [...(await live.rows(this.covered.codec, missing, 'none')).keys()];
  }

  /** Link tables to which links can be added without a lock on the row that records them. */
  private async openTables(em: EntityManager): Promise<readonly string[]> {
    const tables: string[] = [];
    for (const collection of this.covered.policy.collections.values()) {
      const table = await openLinkTable(em, collection, this.covered);
      tables.push(...(table === null ? [] : [table]));
    }
    return tables.sort();
  }
}

/** Those with a link that somebody is removing: it is there and cannot be locked. */
function contestedOwners(ids: readonly string[], locked: LinksById, all: LinksById): readonly string[] {
  return ids.filter((id) =>
    [...all].some(([name, byId]) => byId.get(id)?.length !== locked.get(name)?.get(id)?.length),
  );
}

function isLockTimeout(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return error instanceof LockWaitTimeoutException || code === '55P03' || code === '40P01';
}
