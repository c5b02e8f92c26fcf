import type { Logger } from '@nestjs/common';
import {
  AuditBaseline,
  AuditCheck,
  AuditCoverage,
  AuditDoctor,
  type BaselineReport,
  type CheckReport,
  systemActor,
} from 'nestjs-mikro-audit';
import { Invoice } from './options.js';

/** Records the open invoices as they are, in small steps that leave the database to the app. */
export function beginWithOpenInvoices(
  baseline: AuditBaseline,
  log: Pick<Logger, 'log'>,
  signal: AbortSignal,
): Promise<BaselineReport> {
  return baseline.run({
    entities: [Invoice],
    where: { number: { $like: 'R-%' } },
    reason: 'Invoices are audited from today on.',
    actor: systemActor('migration-2026-12'),
    batchSize: 100,
    rowsPerSecond: 500,
    lockWait: 2_000,
    signal,
    onProgress: ({ entityType, looked }) => log.log(`${entityType}: ${looked} rows`),
  });
}

/** Looks at a tenth of all rows, on the primary although readers ask a replica. */
export function spotCheck(
  check: AuditCheck,
  log: Pick<Logger, 'log' | 'warn'>,
  signal: AbortSignal,
): Promise<CheckReport> {
  return check.run({
    sample: 0.1,
    readFrom: 'primary',
    maxFindings: 100,
    signal,
    onFinding: ({ kind, entityType, entityId }) => log.warn(`${kind}: ${entityType} ${entityId}`),
    onProgress: ({ entityType, looked }) => log.log(`${entityType}: ${looked} looked at`),
  });
}

/** Corrects the trail where somebody has written past it, and says why. */
export function correct(check: AuditCheck, ticket: string): Promise<CheckReport> {
  return check.run({ record: { reason: ticket, actor: systemActor('night-shift') } });
}

/**
 * Looks at everything that was written since an earlier check, or goes on with one that was cut short.
 * @param position that the earlier report, or its progress, has told
 */
export function goOn(
  check: AuditCheck,
  position: { since: string } | { resume: string },
): Promise<CheckReport> {
  return 'since' in position ? check.run({ since: position.since }) : check.run({ resume: position.resume });
}

/** Whatever keeps the trail from being whole, each with its remedy. */
export async function remedies(doctor: AuditDoctor): Promise<readonly string[]> {
  const findings = await doctor.examine({ entities: [Invoice] });
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ message, remedy }) => `${message} ${remedy}`);
}

/** The tables of which nobody has said whether they are audited. */
export async function undecided(coverage: AuditCoverage): Promise<readonly string[]> {
  return (await coverage.report()).unaudited.map(({ name }) => name);
}
