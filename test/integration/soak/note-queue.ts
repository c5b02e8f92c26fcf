import { EntityManager } from '@mikro-orm/core';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AuditContext } from 'nestjs-mikro-audit';
import { PgBoss } from 'pg-boss';
import { type Writing, writeNotes } from './note.js';
import { OpenWork } from './open-work.js';

const QUEUE = 'notes';

interface NoteJob {
  readonly writing: Writing;
  /** Of the request that put it there. */
  readonly envelope: string;
}

/** Injection token of the connection string of the queue's own pool. */
export const QUEUE_URL = Symbol('queue url');

/** Hands writings to workers of a real queue in the same database. */
@Injectable()
export class NoteQueue implements OnApplicationBootstrap, OnApplicationShutdown {
  private boss: PgBoss | undefined;

  constructor(
    @Inject(EntityManager) private readonly em: EntityManager,
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(OpenWork) private readonly work: OpenWork,
    @Inject(QUEUE_URL) private readonly url: string,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.boss = new PgBoss({ connectionString: this.url, max: 2, supervise: false, schedule: false });
    this.boss.on('error', (error) => this.work.fail(error));
    await this.boss.start();
    await this.boss.createQueue(QUEUE);
    const options = { batchSize: 50, pollingIntervalSeconds: 0.5 };
    await this.boss.work<NoteJob>(QUEUE, options, async (jobs) => {
      await Promise.all(jobs.map(({ data }) => this.handle(data)));
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.boss?.stop({ graceful: false });
  }

  async send(writing: Writing): Promise<void> {
    this.work.begin();
    await this.boss?.send(QUEUE, { writing, envelope: await this.context.toEnvelope() });
  }

  private async handle({ writing, envelope }: NoteJob): Promise<void> {
    const work = async () =>
      this.context.runWithEnvelope(envelope, () => writeNotes(this.em.fork(), writing), {
        origin: { source: 'queue' },
      });
    await this.work.end(work());
  }
}
