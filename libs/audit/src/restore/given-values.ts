import { type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { InvalidQueryError } from '../errors/query-errors.js';
import type { RestorePlan, RestoreRequest } from '../model/restore-plan.js';
import type { AuditedInstance } from '../query/terms/audit-catalog.js';
import { storedValue } from '../query/terms/value-comparison.js';
import { computedBy, storedProperties } from './restorable-value.js';
import type { GivenValue, RestoreDraft } from './restore-draft.js';
import type { RestoreTarget } from './restore-target.js';

/** Values by path, as the entity has them. */
export type GivenValues = Readonly<Record<string, unknown>>;

/** Under it a plan has its values in this process: a token goes to clients, so it does not say them. */
const VALUES = Symbol('values');

export function withValues(plan: RestorePlan, values: GivenValues): RestorePlan {
  return Object.defineProperty(plan, VALUES, { value: values });
}

/**
 * The values that a plan was made with.
 * @param given in place of those that the plan has, if it has not left this process
 * @throws InvalidQueryError when one is missing
 */
export function valuesFor(
  request: RestoreRequest,
  plan: object,
  given: GivenValues | undefined,
): GivenValues {
  const values = given ?? (Reflect.get(plan, VALUES) as GivenValues | undefined) ?? {};
  const missing =
    request.kind === 'entity' ? request.given.filter((path) => !Object.hasOwn(values, path)) : [];
  if (missing.length > 0) {
    throw new InvalidQueryError(
      'values',
      `lack ${missing.join(', ')}, with which the plan was made`,
      'Pass the same values again: a token does not hold them.',
    );
  }
  return values;
}

/** @throws InvalidQueryError for what no property can have */
export function givenTo(
  { policy, codec }: RestoreTarget,
  values: GivenValues,
  { policies }: AuditedInstance,
): ReadonlyMap<string, GivenValue> {
  const unaudited = storedProperties(policy.meta).filter(({ name }) => !policy.properties.has(name));
  return new Map(
    Object.entries(values).map(([path, value]) => {
      const property = codec.ofPath(path);
      if (!property && !unaudited.some((prop) => prop.name === path && isPlain(prop))) {
        return refuse(path, policy.entityType, 'is no property that can be given');
      }
      const platform = policies.orm.em.getPlatform();
      return [path, { value, stored: property ? storedValue(property, value, path, platform) : null }];
    }),
  );
}

/** Takes what is given for a property of a new row that is not known otherwise. */
export function takeGiven(draft: RestoreDraft, path: string, prop: EntityProperty): boolean {
  const given = draft.given.get(path);
  if (!given || computedBy(prop) !== null) {
    return false;
  }
  draft.taken.add(path);
  if (draft.target.codec.ofPath(path)) {
    draft.writes.set(path, given.stored);
  }
  return true;
}

/** @throws InvalidQueryError for values that nothing takes: a restore sets back, it does not edit */
export function assertTaken({ given, taken, target }: RestoreDraft): void {
  for (const path of given.keys()) {
    if (!taken.has(path)) {
      refuse(path, target.policy.entityType, 'is known, or not of a row that is created anew');
    }
  }
}

function isPlain({ kind, embedded }: EntityProperty): boolean {
  return kind === ReferenceKind.SCALAR && !embedded;
}

function refuse(path: string, entityType: string, problem: string): never {
  throw new InvalidQueryError(
    'values',
    `name "${path}" of ${entityType}, which ${problem}`,
    'Give values only for what the plan calls "value-unknown".',
  );
}
