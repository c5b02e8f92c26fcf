import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import type { JsonObject } from '../../model/json.js';
import type { Outcome } from '../../model/revision.js';
import type { TrailExport } from './trail-export.js';

/** Records how an export ended. Its beginning is recorded by then, so that none is missing when the process dies. */
export class ExportEnding {
  private isRecorded = false;
  private readonly logger = new Logger('AuditHttpModule');
  /** A stream is read and closed in whatever context its socket has. */
  private readonly inContext = AsyncLocalStorage.snapshot();

  constructor(
    private readonly file: TrailExport,
    private readonly record: (outcome: Outcome, facts: JsonObject) => Promise<void>,
  ) {}

  /** To be called before the end of the file is sent: what cannot be recorded is not sent. */
  async finished(): Promise<void> {
    await this.once('success', this.file.facts.truncated ? 'truncated' : 'whole');
  }

  /** To be called when nobody reads any more. */
  closed(): void {
    this.once('failure', 'aborted').catch((error: unknown) => this.logger.error(error));
  }

  private async once(outcome: Outcome, ended: string): Promise<void> {
    if (!this.isRecorded) {
      this.isRecorded = true;
      const { count, actions } = this.file.facts;
      await this.inContext(() => this.record(outcome, { ended, count, actions }));
    }
  }
}
