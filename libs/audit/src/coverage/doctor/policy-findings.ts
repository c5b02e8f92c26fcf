import { AuditPostgreSqlDriver } from '../../capture/orm/audit-driver.js';
import type { ResolvedAuditOptions } from '../../options/audit-options.js';
import type { CoveredClass } from '../tables/covered-classes.js';
import { propertyFates } from '../tables/property-fates.js';
import type { NewFinding } from './new-finding.js';

/** The findings about the policy of a class: what it leaves out, which writes it lets pass, where it contradicts itself. */
export function policyFindings(
  { policy, instance }: CoveredClass,
  options: Pick<ResolvedAuditOptions, 'unrecordedWrites' | 'requireActor'>,
): readonly NewFinding[] {
  const { entityType, meta } = policy;
  const { triggers } = instance;
  const found: NewFinding[] = [];
  const hasTriggers = triggers?.classes.has(meta.class) === true;
  const reason = triggers?.without.get(meta.class);
  if (reason !== undefined) {
    const message = `Triggers do not record it, because ${reason}: other writes than those of the unit of work leave no trace.`;
    found.push(['triggers-impossible', 'warning', entityType, message, 'Write it by the unit of work only.']);
  }
  const rule = policy.unrecordedWrites ?? options.unrecordedWrites ?? 'warn';
  const isBlind = !(instance.policies.orm.em.getDriver() instanceof AuditPostgreSqlDriver);
  if (!hasTriggers && !isBlind && rule === 'allow') {
    const message = 'Writes past the unit of work are allowed, and leave no trace.';
    const remedy = "Record them by auditTriggers(), or give it unrecordedWrites: 'refuse'.";
    found.push(['writes-allowed', 'warning', entityType, message, remedy]);
  }
  const demand =
    (policy.requireActor ?? options.requireActor) ? 'requireActor' : policy.requireReason && 'requireReason';
  if (demand && !hasTriggers && (isBlind || rule === 'allow')) {
    const message = `${demand} is asked for, and a write past the unit of work needs neither actor nor reason.`;
    const remedy = "Give it unrecordedWrites: 'refuse', or record other writes by auditTriggers().";
    found.push(['options-contradict', 'error', entityType, message, remedy]);
  }
  for (const { path, fate, mask } of propertyFates(policy)) {
    const subject = `${entityType}.${path}`;
    if (fate === 'ignored') {
      found.push(['property-ignored', 'info', subject, 'It leaves no trace, as the policy says.']);
    } else if (fate === 'masked') {
      found.push(['property-masked', 'info', subject, `Its values are hidden by the mask ${mask}.`]);
    }
    if (mask === 'hash' && hasTriggers) {
      const message =
        'Equal values are recognized by the mask hash, and what triggers record of it is all alike.';
      const remedy = "Use the mask 'redact', or search by it only what the unit of work has written.";
      found.push(['options-contradict', 'warning', subject, message, remedy]);
    }
  }
  return found;
}
