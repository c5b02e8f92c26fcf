import { Inject, Injectable } from '@nestjs/common';
import { AuditCoverage, type CoverageReport } from '../../coverage/report/audit-coverage.js';

/** A report asks some statements for each class, so readers share one for a while, in milliseconds. */
const KEPT = 5_000;

/** The report on the coverage, made once for all who ask at a time. */
@Injectable()
export class RecentCoverage {
  private recent: { readonly until: number; readonly report: Promise<CoverageReport> } | null = null;

  constructor(@Inject(AuditCoverage) private readonly coverage: AuditCoverage) {}

  async report(): Promise<CoverageReport> {
    if (this.recent === null || this.recent.until < performance.now()) {
      this.recent = { until: performance.now() + KEPT, report: this.coverage.report() };
    }
    const { report } = this.recent;
    try {
      return await report;
    } catch (error) {
      this.recent = null;
      throw error;
    }
  }
}
