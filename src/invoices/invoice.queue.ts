import { EntityManager } from '@mikro-orm/core';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AuditContext, systemActor } from 'nestjs-mikro-audit';
import { PgBoss } from 'pg-boss';
import { WorkOrder } from '../work-orders/work-order.entity.js';

const QUEUE = 'invoice';

/** Injection token of the connection string of the database that holds the queue. */
export const QUEUE_DATABASE_URL = Symbol('queue database url');

interface InvoiceJob {
  readonly workOrderId: number;
  /** Who asked for the invoice, and in which request; signed, so that nobody can put another one into the queue. */
  readonly envelope: string;
}

/** Writes invoices after the request that asked for them was answered, on behalf of who asked. */
@Injectable()
export class InvoiceQueue implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly boss: PgBoss;

  constructor(
    private readonly em: EntityManager,
    private readonly audit: AuditContext,
    @Inject(QUEUE_DATABASE_URL) databaseUrl: string,
  ) {
    this.boss = new PgBoss({ connectionString: databaseUrl, max: 2, schedule: false });
    this.boss.on('error', (error) => console.error(error));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.boss.start();
    await this.boss.createQueue(QUEUE);
    await this.boss.work<InvoiceJob>(QUEUE, { pollingIntervalSeconds: 0.5 }, async (jobs) => {
      for (const { data } of jobs) await this.write(data);
    });
  }

  /** Before MikroORM closes its pool, which a job that runs still needs. */
  async onModuleDestroy(): Promise<void> {
    await this.boss.stop({ timeout: 5_000 });
  }

  async add(workOrderId: number): Promise<void> {
    await this.boss.send(QUEUE, { workOrderId, envelope: await this.audit.toEnvelope() });
  }

  private async write({ workOrderId, envelope }: InvoiceJob): Promise<void> {
    const values = {
      actor: systemActor('invoice-worker'),
      action: 'work-order.invoice',
      origin: { source: 'queue' },
    };
    const work = async (): Promise<void> => {
      const em = this.em.fork();
      const workOrder = await em.findOneOrFail(WorkOrder, workOrderId);
      const invoice = { number: `INV-${workOrder.number}`, total: workOrder.price };
      workOrder.customFields = { ...workOrder.customFields, invoice };
      await em.flush();
    };
    await this.audit.runWithEnvelope(envelope, work, values);
  }
}
