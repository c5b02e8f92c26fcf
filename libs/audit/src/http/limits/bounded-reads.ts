import { RequestContext, TransactionContext } from '@mikro-orm/core';
import { HttpException } from '@nestjs/common';
import { QueryTimeoutError } from '../../errors/query-errors.js';
import type { AuditReader } from '../../query/audit-reader.js';
import type { AuditCatalog } from '../../query/terms/audit-catalog.js';
import { running } from '../../query/terms/running.js';

/** Nobody hears of it. The number is the one that servers write into their logs for it. */
const CLIENT_HAS_LEFT = 499;

/** To cancel a statement takes a connection, which one that ends by itself at once is not worth. */
const GRACE_MILLISECONDS = 250;

/** Reads of one request, which end on the server too when they take too long or nobody waits for them any more. */
export class BoundedReads {
  constructor(
    private readonly audit: AuditReader,
    private readonly catalog: AuditCatalog,
    private readonly milliseconds: number,
    /** Aborted when nobody waits for the answer any more. */
    private readonly left: AbortSignal,
  ) {}

  /**
   * @throws QueryTimeoutError when it takes too long
   * @throws HttpException when the client has left
   */
  async ask<Result>(question: (audit: AuditReader) => Promise<Result>): Promise<Result> {
    const cancel = new AbortController();
    const end = () => cancel.abort();
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      end();
    }, this.milliseconds);
    let gone: NodeJS.Timeout | undefined;
    const leave = () => {
      gone = setTimeout(end, GRACE_MILLISECONDS);
    };
    this.left.addEventListener('abort', leave, { once: true });
    try {
      this.assertPresent();
      return await this.underSignal(cancel.signal, () => question(this.audit));
    } catch (error) {
      this.assertPresent();
      throw isLate ? new QueryTimeoutError() : error;
    } finally {
      this.left.removeEventListener('abort', leave);
      clearTimeout(late);
      clearTimeout(gone);
    }
  }

  private assertPresent(): void {
    if (this.left.aborted) {
      throw new HttpException('The client has left.', CLIENT_HAS_LEFT);
    }
  }

  /** Both for statements of the trail, and for those of MikroORM, which looks at live rows. */
  private underSignal<Result>(signal: AbortSignal, read: () => Promise<Result>): Promise<Result> {
    const instances = this.catalog.all();
    const aborting = instances.reduce(
      (inner, { store }) =>
        () =>
          store.abortable(signal, inner),
      read,
    );
    const options = { signal, inflightQueryAbortStrategy: 'cancel query' } as const;
    const ems = instances.map(({ policies }) => policies.orm.em);
    // Where a transaction runs around the handler, reads belong into it: its connection could be the last of the pool.
    const transaction = ems.map((em) => em.getContext(false)).find((em) => em.isInTransaction());
    if (transaction) {
      return TransactionContext.create(
        transaction.fork({ ...options, keepTransactionContext: true }),
        aborting,
      );
    }
    // Of several instances the one answers that runs, so no others are made to run.
    const asked = running(instances).map(({ policies }) => policies.orm.em);
    // The types of a request context of MikroORM 7.1 take no signal; what it forks keeps one.
    const bounded = (asked.length > 0 ? asked : ems).map((em) => em.fork(options));
    return RequestContext.create(bounded, aborting);
  }
}
