import type { MaskKind } from '../../policy/policy-declaration.js';
import { HIDDEN, oneLine } from './sql-parts.js';

/** Shorter texts are hidden as a whole. */
const MIN_LAST4_LENGTH = 8;

/**
 * A masked value: null where it is null or null of JSON. A hash needs a key, which must not be in the database, so that there
 * is none.
 * @param json of type jsonb
 */
export function maskSql(kind: MaskKind, json: string): string {
  const shown = kind === 'last4' ? lastFourSql('masked.json') : HIDDEN;
  return oneLine(`(select case when masked.json = 'null' then masked.json else ${shown} end
    from (select ${json} as json offset 0) masked where masked.json is not null)`);
}

/** Characters are code points. */
function lastFourSql(json: string): string {
  const text = `(${json} #>> '{}')`;
  return oneLine(`case when jsonb_typeof(${json}) in ('string', 'number') and length(${text}) >= ${MIN_LAST4_LENGTH}
    then jsonb_build_object('$mask', jsonb_build_object('kind', 'last4', 'value', right(${text}, 4))) else ${HIDDEN} end`);
}
