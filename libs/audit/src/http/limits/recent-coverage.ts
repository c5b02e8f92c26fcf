import { Inject, Injectable } from '@nestjs/common';
import { AuditCoverage, type CoverageReport } from '../../coverage/report/audit-coverage.js';
import { AuditReader } from '../../query/audit-reader.js';
import { AuditCatalog } from '../../query/terms/audit-catalog.js';
import { BoundedReads } from './bounded-reads.js';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.js';

/** A report asks some statements for each class, so readers share one for a while, in milliseconds. */
const KEPT = 5_000;

/** The report on the coverage, made once for all who ask at a time. */
@Injectable()
export class RecentCoverage {
  private recent: { readonly until: number; readonly report: Promise<CoverageReport> } | null = null;
  private readonly reads: BoundedReads;

  constructor(
    @Inject(AuditCoverage) private readonly coverage: AuditCoverage,
    @Inject(AuditReader) audit: AuditReader,
    @Inject(AuditCatalog) catalog: AuditCatalog,
    @Inject(HTTP_LIMITS) { readMilliseconds }: Required<HttpLimits>,
  ) {
    // Of all who ask, so no client who leaves ends it.
    this.reads = new BoundedReads(audit, catalog, readMilliseconds, new AbortController().signal);
  }

  /** @throws QueryTimeoutError when it takes too long */
  async report(): Promise<CoverageReport> {
    if (this.recent === null || this.recent.until < performance.now()) {
      const report = this.reads.ask(() => this.coverage.report());
      this.recent = { until: performance.now() + KEPT, report };
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
