// #region nightly
import { Injectable, Logger } from '@nestjs/common';
import { AuditCheck } from 'nestjs-mikro-audit';

@Injectable()
export class NightlyCheck {
  private readonly logger = new Logger('NightlyCheck');
  private since: string | undefined;

  constructor(private readonly check: AuditCheck) {}

  /** Looks at what was written since the last time; at everything the first time. */
  async run(): Promise<number> {
    const options = this.since === undefined ? {} : { since: this.since };
    const { findings, position } = await this.check.run({ ...options, maxFindings: 20 });
    for (const { kind, entityType, entityId, path, since } of findings) {
      this.logger.error(
        `${kind}: ${entityType} ${entityId} ${path ?? ''} after ${since?.changeId ?? 'nothing'}`,
      );
    }
    this.since = position;
    return findings.length;
  }
}
// #endregion
