import { Inject, Injectable } from '@nestjs/common';
import { AuditCoverage, type CoverageReport } from '../../coverage/report/audit-coverage.js';
import { AuditReader } from '../../query/audit-reader.js';
import { AuditCatalog, contextOf } from '../../query/terms/audit-catalog.js';
import { running } from '../../query/terms/running.js';
import { BoundedReads } from './bounded-reads.js';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.js';

/** A report asks some statements for each class, so readers share one for a while, in milliseconds. */
const KEPT = 5_000;

interface RecentReport {
  readonly until: number;
  readonly report: Promise<CoverageReport>;
}

/**
 * The report on the coverage, made once for all who ask at a time: of the MikroORM instance that runs, which may be that of one
 * tenant, or of all where none or several do.
 */
@Injectable()
export class RecentCoverage {
  private readonly recent = new Map<string | undefined, RecentReport>();
  private readonly reads: BoundedReads;

  constructor(
    @Inject(AuditCoverage) private readonly coverage: AuditCoverage,
    @Inject(AuditReader) audit: AuditReader,
    @Inject(AuditCatalog) private readonly catalog: AuditCatalog,
    @Inject(HTTP_LIMITS) { readMilliseconds }: Required<HttpLimits>,
  ) {
    // Of all who ask, so no client who leaves ends it.
    this.reads = new BoundedReads(audit, catalog, readMilliseconds, new AbortController().signal);
  }

  /** @throws QueryTimeoutError when it takes too long */
  async report(): Promise<CoverageReport> {
    const instance = this.asked();
    let recent = this.recent.get(instance);
    if (recent === undefined || recent.until < performance.now()) {
      const scope = instance === undefined ? {} : { instance };
      const report = this.reads.ask(() => this.coverage.report(scope));
      recent = { until: performance.now() + KEPT, report };
      this.recent.set(instance, recent);
    }
    try {
      return await recent.report;
    } catch (error) {
      this.recent.delete(instance);
      throw error;
    }
  }

  /** The name of the instance that runs; undefined where none or several do. */
  private asked(): string | undefined {
    const [one, other] = running(this.catalog.all());
    return one && !other ? contextOf(one) : undefined;
  }
}
