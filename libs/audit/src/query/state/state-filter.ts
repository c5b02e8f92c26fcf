import { InvalidQueryError } from '../../errors/query-errors.js';
import type { JsonObject, JsonValue } from '../../model/json.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { keyText } from '../../serialize/entity/key-text.js';
import type { HeldValue, ReferrerQuery } from '../../store/audit-store.js';
import type { AuditedInstance } from '../terms/audit-catalog.js';
import { knownPath } from '../terms/property-path.js';
import { ValueComparison } from '../terms/value-comparison.js';

/** The conditions on states, in the words of the trail. */
export interface ResolvedStateFilter {
  /** By which entities are looked for: those that have had the values at some time. */
  readonly held: readonly HeldValue[];
  /** A relation and what it must have led to, by which they are found at once; null where there is none. */
  readonly reference: Pick<ReferrerQuery, 'paths' | 'targetIds'> | null;
  /** The conditions on the state itself. */
  readonly expected: readonly { readonly path: string; readonly value: JsonValue }[];
  /** The query that cursors are bound to. */
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
    const known = knownPath(path, family, (policy) => instance.codecs.ofPolicy(policy));
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
    const leadsOn = family.some((policy) => instance.codecs.ofPolicy(policy).relationPaths.includes(path));
    return { path, keys: known.keys, value: encoded, leadsOn };
  });
  const reference = resolved.find(({ leadsOn, value }) => leadsOn && value !== null);
  return {
    held: resolved,
    reference: reference ? { paths: reference.keys, targetIds: [keyText([reference.value])] } : null,
    expected: resolved,
    identity: Object.fromEntries(resolved.map(({ path, value }) => [path, value])),
  };
}
