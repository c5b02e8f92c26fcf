// #region imports
import { Controller, Get, Header } from '@nestjs/common';
import { type AuditCounts, AuditMetrics } from 'nestjs-mikro-audit';

// #endregion

// #region prometheus
const COUNTERS: Readonly<Record<keyof AuditCounts, string>> = {
  revisions: 'Revisions with changes that were written.',
  unattributed: 'Revisions with changes whose actor is unknown.',
  entries: 'Revisions without changes that were written.',
  refused: 'Flushes that were refused for lack of an actor or a reason.',
  reads: 'Entities whose reading was recorded.',
  checks: 'Turns of the scheduled check.',
  findings: 'Findings of the scheduled check, each as often as it was found.',
};

/** The text format of Prometheus, version 0.0.4. */
function prometheusText(counts: AuditCounts): string {
  const lines = (Object.keys(COUNTERS) as (keyof AuditCounts)[]).flatMap((name) => [
    `# HELP mikro_audit_${name}_total ${COUNTERS[name]}`,
    `# TYPE mikro_audit_${name}_total counter`,
    `mikro_audit_${name}_total ${counts[name]}`,
  ]);
  return `${lines.join('\n')}\n`;
}

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: AuditMetrics) {}

  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  scrape(): string {
    return prometheusText(this.metrics.counts());
  }
}
// #endregion
