import { literal } from '../model/sql-names.js';
import type { AuditedCollection } from '../policy/entity-policy.js';
import { encodeMask, MaskedValue } from '../serialize/json/mask.js';

/** Stands for links of which the trail only says that there are some. */
export const HIDDEN_LINKS = `${literal(JSON.stringify(encodeMask(new MaskedValue('redact', null))))}::jsonb`;

/** Links as the trail has them, from a list of ids. */
export function linksSql({ ordered }: Pick<AuditedCollection, 'ordered'>, ids: string): string {
  return `jsonb_build_object(${literal(ordered ? '$list' : '$links')}, ${ids})`;
}
