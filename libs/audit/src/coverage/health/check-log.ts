import { IsolationLevel } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AuditContext } from '../../context/audit-context.js';
import { systemActor } from '../../model/actor.js';
import type { Outcome } from '../../model/revision.js';
import type { SqlTransaction } from '../../model/sql-transaction.js';
import type { AuditReader } from '../../query/audit-reader.js';
import type { CoveredInstance } from '../tables/covered-instance.js';
import { type CheckState, firstState, fromMetadata, toMetadata } from './check-state.js';

const ACTION = 'audit.check';
const ACTOR = systemActor('audit-check');
const LOCK = `select pg_try_advisory_xact_lock(hashtextextended('nestjs-mikro-audit:check', 0)) as free, now() as now`;

/** The turn of a process, or when there may be one again. */
export type Claim =
  | { readonly state: CheckState }
  /** In milliseconds. */
  | { readonly dueIn: number };

/** The records of scheduled checks in the trail of one MikroORM instance: a revision without changes when a turn begins, and one at its end. */
export class CheckLog {
  private readonly name: string;

  constructor(
    private readonly instance: CoveredInstance,
    private readonly reader: AuditReader,
    private readonly context: AuditContext,
  ) {
    this.name = instance.policies.orm.config.get('contextName');
  }

  /** The newest state; null before the first turn. */
  async newest(): Promise<CheckState | null> {
    const { items } = await this.reader.revisions({ action: ACTION, instance: this.name, limit: 1 });
    return fromMetadata(items[0]?.metadata ?? null);
  }

  /**
   * Begins a turn, unless one has begun within `every` milliseconds, by the clock of the database. No lock is held while it goes
   * on: what is kept in the trail keeps others away, also behind a pooler, and with a pool of one.
   */
  claim(every: number): Promise<Claim> {
    const orm = this.instance.policies.orm;
    return orm.em.fork().transactional(
      async (inner) => {
        const em = inner as EntityManager;
        const [row] = await em.execute<{ free: boolean; now: string | Date }[]>(LOCK);
        const now = new Date(row?.now ?? Date.now());
        if (row?.free !== true) {
          return { dueIn: every };
        }
        const before = await this.newest();
        const dueIn = before === null ? 0 : new Date(before.beganAt).getTime() + every - now.getTime();
        if (dueIn > 0) {
          return { dueIn };
        }
        const beganAt = now.toISOString();
        const state = { ...(before ?? firstState(beganAt)), beganAt, endedAt: null, failure: null };
        await this.write(state, 'success', em.getTransactionContext<SqlTransaction>() ?? null);
        return { state };
      },
      { isolationLevel: IsolationLevel.READ_COMMITTED },
    );
  }

  /** Ends a turn. */
  async end(state: CheckState): Promise<void> {
    await this.write(state, state.failure === null ? 'success' : 'failure', null);
  }

  private async write(
    state: CheckState,
    outcome: Outcome,
    transaction: SqlTransaction | null,
  ): Promise<void> {
    await this.context.run({ actor: ACTOR, action: ACTION, metadata: toMetadata(state) }, () =>
      this.instance.journal.write({ outcome }, transaction),
    );
  }
}
