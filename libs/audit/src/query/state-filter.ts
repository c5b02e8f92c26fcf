import { InvalidQueryError } from '../errors/query-errors.js';
import type { JsonObject, JsonValue } from '../model/json.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { HeldValue } from '../store/audit-store.js';
import type { AuditedInstance } from './audit-catalog.js';
import { knownPath } from './property-path.js';
import { ValueComparison } from './value-comparison.js';

/** What states must have, in the words of the trail. */
export interface ResolvedStateFilter {
  /** By which entities are looked for: those that have had the values at some time. */
  readonly held: readonly HeldValue[];
  /** What a state itself must have. */
  readonly expected: readonly { readonly path: string; readonly value: JsonValue }[];
  /** What cursors are bound to. */
  readonly identity: JsonObject;
}

/** @throws InvalidQueryError for what is no audited property, or cannot be compared */
export function resolveStateFilter(
  instance: AuditedInstance,
  family: readonly EntityPolicy[],
  where: Readonly<Record<string, unknown>>,
): ResolvedStateFilter {
  const platform = instance.policies.orm.em.getPlatform();
  const resolved = Object.entries(where).map(([path, value]) => {
    const known = knownPath(path, family, ({ meta }) => instance.codecs.find(meta));
    if (known.inside.length > 0 || !known.codec || value === undefined) {
      throw new InvalidQueryError(
        'where',
        `compares "${path}", which is no single value of the trail`,
        'Compare properties with a column of their own, by equality, and null for none.',
      );
    }
    const condition = { eq: value };
    const [comparison] = new ValueComparison(path, known, [condition], platform).comparisons(condition);
    const encoded = comparison && comparison.operator === 'eq' ? comparison.value : null;
    return { path, keys: known.keys, value: encoded };
  });
  return {
    held: resolved.map(({ keys, value }) => ({ keys, anyOf: [value], match: 'equals' })),
    expected: resolved,
    identity: Object.fromEntries(resolved.map(({ path, value }) => [path, value])),
  };
}
