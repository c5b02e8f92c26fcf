import { AssertionError } from 'node:assert';
import { AuditCheck } from '../coverage/check/audit-check.js';
import type { CheckFinding } from '../coverage/check/check-finding.js';
import type { CheckReport } from '../coverage/check/check-options.js';
import type { CoverageScope } from '../coverage/tables/covered-classes.js';
import { shown } from './description.js';
import type { AuditedTestApp } from './recorded-by.js';

/** Findings that a message tells. */
const TOLD = 10;

/**
 * Replays the trail from its first change to the last, and compares what follows from it with the rows and links of the audited
 * tables (`AuditCheck`): nothing is in the one that is not in the other. Ignored and masked values cannot be compared.
 * @returns how much was compared
 * @throws AssertionError with the first differences
 */
export async function expectTrailToEqualTables(
  app: AuditedTestApp,
  scope: CoverageScope = {},
): Promise<CheckReport> {
  return assertEqual(app, scope, 'The trail is not what the tables say.');
}

/**
 * Runs some work, and fails when it has written audited tables without the trail: `nativeUpdate()`, query builders, SQL, or
 * `withoutAuditing()`. Such writes are found by what they leave behind, not where they put everything back.
 * @returns what the work has given
 * @throws AssertionError with the first differences, also with those from before the work
 */
export async function expectNothingUnrecorded<Result>(
  app: AuditedTestApp,
  work: () => Result | Promise<Result>,
  scope: CoverageScope = {},
): Promise<Result> {
  const before = `The trail was not what the tables say before the work began, so nothing can be said of the work. Write fixtures with em.flush(), or call app.get(AuditBaseline).run() after them.`;
  await assertEqual(app, scope, before);
  const result = await work();
  await assertEqual(app, scope, 'The work has written what the trail does not have.');
  return result;
}

async function assertEqual(app: AuditedTestApp, scope: CoverageScope, message: string): Promise<CheckReport> {
  const check = app.get(AuditCheck, { strict: false });
  const report = await check.run({ ...scope, maxFindings: TOLD });
  const found = Object.values(report.counts).reduce((sum, count) => sum + count, 0);
  if (found === 0) {
    return report;
  }
  const left = found - report.findings.length;
  throw new AssertionError({
    message: [
      message,
      ...report.findings.map((finding) => `  - ${described(finding)}`),
      ...(left > 0 ? [`  and ${left} more`] : []),
    ].join('\n'),
  });
}

function described({ kind, entityType, entityId, path, trail, found }: CheckFinding): string {
  const where = `${kind}: ${entityType} ${entityId}`;
  return path === null ? where : `${where}, ${path}: trail ${shown(trail)}, found ${shown(found)}`;
}
