import type { MetadataStorage, Platform } from '@mikro-orm/core';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { type AuditTriggerOptions, assertTriggerOptions } from './trigger-options.js';
import { planTriggers, type TriggerPlan } from './trigger-plan.js';

const planned = new WeakMap<
  MetadataStorage,
  { readonly plan: TriggerPlan; readonly options: AuditTriggerOptions }
>();

/**
 * Triggers that record every statement on an audited table that the unit of work does not record itself, whoever sends it: as
 * `discovery: { afterDiscovered: auditTriggers() }` of a MikroORM configuration with `driver: AuditPostgreSqlDriver`. They are part
 * of the metadata, so the migrations of the app create them, and change them with an entity or a policy.
 * @throws AuditConfigurationError for an option that is unknown or invalid
 */
export function auditTriggers(
  options: AuditTriggerOptions = {},
): (metadata: MetadataStorage, platform: Platform) => void {
  assertTriggerOptions(options);
  return (metadata, platform) => {
    const { plan, triggers } = planTriggers(metadata, platform, options);
    for (const [meta, own] of triggers) {
      meta.triggers.push(...own);
    }
    planned.set(metadata, { plan, options });
  };
}

/**
 * The plan of `auditTriggers()`; null where the configuration has none.
 * @throws AuditConfigurationError where the options of the module would have made other triggers
 */
export function triggerPlanOf(
  metadata: MetadataStorage,
  platform: Platform,
  options: Pick<AuditTriggerOptions, 'policies' | 'secrets' | 'maxValueBytes'>,
): TriggerPlan | null {
  const known = planned.get(metadata);
  if (!known) {
    return null;
  }
  const { plan } = planTriggers(metadata, platform, { ...known.options, ...options });
  if (namesIn(plan) !== namesIn(known.plan)) {
    throw new AuditConfigurationError(
      'The triggers of auditTriggers() would record otherwise than AuditModule does: their options differ.',
      'Give both the same policies, secrets and maxValueBytes.',
    );
  }
  return known.plan;
}

function namesIn({ names }: TriggerPlan): string {
  return [...names.values()].flat().join();
}
