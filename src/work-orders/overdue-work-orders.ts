import { MikroORM } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { AuditContext, systemActor } from 'nestjs-mikro-audit';
import { OPEN_STATUSES, WorkOrder } from './work-order.entity.js';

const DAYS = 90;
const MILLISECONDS_OF_DAY = 86_400_000;

/** Closes what nobody has closed. */
@Injectable()
export class OverdueWorkOrders {
  constructor(
    private readonly orm: MikroORM,
    private readonly audit: AuditContext,
  ) {}

  @Cron('0 3 * * *', { name: 'close-overdue-work-orders' })
  async closeEveryNight(): Promise<void> {
    await this.close(new Date());
  }

  /**
   * Closes the open work orders that were due long before an instant, in one statement that loads none of them: triggers record each. A
   * job has no request, so it says itself who it is.
   * @returns how many it has closed
   */
  close(now: Date): Promise<number> {
    const context = {
      actor: systemActor('nightly-close', 'Nightly close'),
      action: 'work-order.close-overdue',
      reason: `scheduled more than ${DAYS} days ago`,
      origin: { source: 'schedule' },
    };
    const due = new Date(now.getTime() - DAYS * MILLISECONDS_OF_DAY);
    return this.audit.run(context, () =>
      this.orm.em
        .fork()
        .nativeUpdate(
          WorkOrder,
          { status: { $in: [...OPEN_STATUSES] }, scheduledAt: { $lt: due } },
          { status: 'closed', closedAt: now, updatedAt: now },
        ),
    );
  }
}
