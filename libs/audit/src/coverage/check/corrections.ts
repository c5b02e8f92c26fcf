import { IsolationLevel } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { RowPages } from '../../capture/orm/row-pages.js';
import type { ChangeRecord } from '../../model/change-record.js';
import type { SqlTransaction } from '../../model/sql-transaction.js';
import { PastStates } from '../../query/state/past-states.js';
import { storedTypes } from '../../query/terms/change-decoder.js';
import { LiveReader } from '../../restore/live-reader.js';
import { BaselineBatch } from '../baseline/baseline-batch.js';
import type { CoveredClass } from '../tables/covered-classes.js';
import type { CheckFinding } from './check-finding.js';

/** How often a row that somebody has locked is waited for, half a second each time. */
const MOST_TURNS = 60;

/** Writes what is right: the state of a row that is there as a baseline, the end of one that is not as a delete. */
export class Corrections {
  constructor(private readonly classes: readonly CoveredClass[]) {}

  /** @returns for how many entities something was written; none for those that meanwhile are as the trail says */
  async write(findings: readonly CheckFinding[]): Promise<number> {
    let written = 0;
    for (const [entityType, ofType] of Map.groupBy(findings, (finding) => finding.entityType)) {
      const covered = this.classes.find(({ policy }) => policy.entityType === entityType);
      if (covered) {
        const em = covered.instance.policies.orm.em.fork() as EntityManager;
        const pages = new RowPages(em, covered.codec, 'write');
        const batch = new BaselineBatch(covered, pages);
        const gone = new Set(ofType.flatMap(({ kind, entityId }) => (kind === 'gone' ? [entityId] : [])));
        for (const id of new Set(ofType.map(({ entityId }) => entityId))) {
          written += gone.has(id) ? await this.end(covered, pages, id) : await this.tell(batch, id);
        }
      }
    }
    return written;
  }

  private async tell(batch: BaselineBatch, id: string): Promise<number> {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const { recorded, locked } = await batch.record([id], 'wait', true);
      if (locked.length === 0) {
        return recorded;
      }
    }
    return 0;
  }

  /**
   * There is no row to lock, so nobody may write the table while its absence is looked at and recorded: an insert that is not
   * committed yet could come into the trail before the delete.
   */
  private end(covered: CoveredClass, pages: RowPages, id: string): Promise<number> {
    const { instance, codec, family, policy } = covered;
    const orm = instance.policies.orm;
    return orm.em.fork().transactional(
      async (inner) => {
        const em = inner as EntityManager;
        const transaction = em.getTransactionContext<SqlTransaction>() as SqlTransaction;
        await em
          .getConnection('write')
          .execute(`lock table ${pages.table} in share mode`, [], 'run', em.getTransactionContext());
        const rows = await new LiveReader(instance).rows(codec, [{ entityId: id }], 'none');
        const state = (await new PastStates(instance, null, null).load(family, [id])).get(id);
        if (rows.size > 0 || !state) {
          return 0;
        }
        const [newest] = await instance.store.history({
          entityTypes: storedTypes(family),
          entityId: id,
          beforeId: null,
          limit: 1,
          details: false,
        });
        const change: ChangeRecord = {
          entityType: policy.entityType,
          entityId: id,
          partOfType: newest?.change.partOfType ?? null,
          partOfId: newest?.change.partOfId ?? null,
          operation: 'delete',
          before: Object.fromEntries(state.values),
          after: null,
        };
        await instance.journal.writeFound([change], transaction);
        return 1;
      },
      { isolationLevel: IsolationLevel.READ_COMMITTED },
    );
  }
}
