// #region imports
import { Injectable, Module } from '@nestjs/common';
import { Cron, Interval, ScheduleModule, Timeout } from '@nestjs/schedule';
import { ReorderJob } from './jobs.js';
import { BooksModule } from './quick-start.js';

// #endregion

// #region cron
@Injectable()
class NightlyReorder {
  constructor(private readonly job: ReorderJob) {}

  @Cron(process.env.REORDER_CRON ?? '0 3 * * *')
  run(): Promise<void> {
    return this.job.run(`nightly-${new Date().toISOString()}`);
  }

  @Interval(Number(process.env.REORDER_INTERVAL ?? 3_600_000))
  hourly(): Promise<void> {
    return this.job.run(`hourly-${new Date().toISOString()}`);
  }

  @Timeout(100)
  atStart(): Promise<void> {
    return this.job.run('start');
  }
}
// #endregion

@Module({ imports: [BooksModule, ScheduleModule.forRoot()], providers: [ReorderJob, NightlyReorder] })
export class ScheduledBooksModule {}
