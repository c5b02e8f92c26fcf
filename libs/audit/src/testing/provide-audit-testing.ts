import type { Provider } from '@nestjs/common';
import { AuditContext } from '../context/audit-context.js';
import { TRACE_READER } from '../context/trace.js';
import { type AuditModuleOptions, RESOLVED_OPTIONS } from '../options/audit-options.js';
import { resolveOptions } from '../options/resolve-options.js';
import { AuditMetrics } from '../write/audit-metrics.js';
import { AuditRecorder } from '../write/audit-recorder.js';
import { InMemoryAuditRecorder } from './in-memory-audit-recorder.js';

/**
 * Providers for unit tests without a database, in place of `AuditModule`: the real AuditContext, and an AuditRecorder that keeps what is
 * recorded. Readers of the trail are not among them, because nothing but PostgreSQL can answer for it.
 * @param options as for `AuditModule.forRoot()`; those of actors, reasons, secrets and envelopes hold
 * @throws AuditConfigurationError for an option that is unknown or invalid
 */
export function provideAuditTesting(options: AuditModuleOptions = {}): Provider[] {
  return [
    { provide: RESOLVED_OPTIONS, useValue: resolveOptions(options) },
    { provide: TRACE_READER, useValue: null },
    AuditContext,
    AuditMetrics,
    InMemoryAuditRecorder,
    { provide: AuditRecorder, useExisting: InMemoryAuditRecorder },
  ];
}
