import type { MaskKind } from '../../policy/policy-declaration.js';
import type { CutSql } from './cut-sql.js';
import { dedented, HIDDEN } from './sql-parts.js';

/** Shorter texts are hidden as a whole. */
const MIN_LAST4_LENGTH = 8;

/**
 * A masked value: null where it is null or null of JSON. A hash needs a key, which must not be in the database, so that there
 * is none.
 * @param json of type jsonb
 */
export function maskSql(kind: MaskKind, json: string, cut: CutSql): string {
  const shown = kind === 'last4' ? lastFourSql('masked.json', cut) : HIDDEN;
  return dedented(`(select case when masked.json = 'null' then masked.json else ${shown} end
    from (select ${json} as json offset 0) masked where masked.json is not null)`);
}

/** Characters are code points. A text that would be cut has no end. */
function lastFourSql(json: string, cut: CutSql): string {
  const text = `(${json} #>> '{}')`;
  return dedented(`case when jsonb_typeof(${json}) in ('string', 'number') and length(${text}) >= ${MIN_LAST4_LENGTH} and not ${cut.isTextTooLarge(text)}
    then jsonb_build_object('$mask', jsonb_build_object('kind', 'last4', 'value', right(${text}, 4))) else ${HIDDEN} end`);
}
