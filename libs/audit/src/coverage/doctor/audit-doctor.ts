import { Inject, Injectable } from '@nestjs/common';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../../options/audit-options.js';
import { AuditSequencer } from '../../sequence/audit-sequencer.js';
import { type CoverageScope, coveredClasses } from '../tables/covered-classes.js';
import { CoveredInstances } from '../tables/covered-instance.js';
import { databaseFindings } from './database-findings.js';
import type { DoctorFinding, DoctorSeverity } from './doctor-finding.js';
import type { NewFinding } from './new-finding.js';
import { orderFindings } from './order-findings.js';
import { policyFindings } from './policy-findings.js';
import { tableFindings } from './table-findings.js';
import { growthFinding, trailFindings, unknownTypeFindings } from './trail-findings.js';

const ORDER: readonly DoctorSeverity[] = ['error', 'warning', 'info'];

/** One look at the database and the policy: what is audited, and what could keep the trail from being whole. It only reads. */
@Injectable()
export class AuditDoctor {
  constructor(
    @Inject(CoveredInstances) private readonly instances: CoveredInstances,
    @Inject(RESOLVED_OPTIONS) private readonly options: ResolvedAuditOptions,
    @Inject(AuditSequencer) private readonly sequencer: AuditSequencer,
  ) {}

  /**
   * @returns findings, those that are errors first; `property-masked` and the like say what the policy means
   * @throws NotAuditedError, InvalidCoverageError as `AuditCheck.run` does
   */
  async examine(scope: CoverageScope = {}): Promise<readonly DoctorFinding[]> {
    const classes = await coveredClasses(this.instances.all(), scope, 'AuditDoctor.examine');
    const found: DoctorFinding[] = [];
    const order = await this.sequencer.health();
    for (const instance of new Map(
      classes.map((one) => [one.instance.policies.orm, one.instance]),
    ).values()) {
      found.push(...(await trailFindings(instance)).map(about(null)));
      found.push(...(await unknownTypeFindings(instance, (name) => this.isKnown(name))).map(about(null)));
      found.push(
        ...(await databaseFindings(instance)).map(about(null)),
        about(null)(await growthFinding(instance)),
        ...order
          .filter(({ instance: name }) => name === instance.policies.orm.config.get('contextName'))
          .flatMap((health) => orderFindings(health))
          .map(about(null)),
      );
    }
    for (const covered of classes) {
      const ofClass = [...(await tableFindings(covered)), ...policyFindings(covered, this.options)];
      found.push(...ofClass.map(about(covered.policy.entityType)));
    }
    // Classes that share a table say the same of it.
    const unique = new Map(
      found.toReversed().map((one) => [`${one.code} ${one.subject} ${one.message}`, one] as const),
    );
    return [...unique.values()]
      .toReversed()
      .sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity));
  }

  /** Several instances may share a trail. */
  private isKnown(entityType: string): boolean {
    return this.instances.all().some(({ policies }) => policies.ofType(entityType) !== undefined);
  }
}

function about(entityType: string | null) {
  return ([code, severity, subject, message, remedy]: NewFinding): DoctorFinding => ({
    code,
    severity,
    entityType,
    subject,
    message,
    remedy: remedy ?? null,
  });
}
