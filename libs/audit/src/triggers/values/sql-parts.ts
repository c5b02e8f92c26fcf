import { literal } from '../../model/sql-names.js';
import { encodeMask, MaskedValue } from '../../serialize/json/mask.js';

export const JSON_NULL = "'null'::jsonb";
/** A hidden value, as text of JSON and as a value. */
export const HIDDEN_TEXT = literal(JSON.stringify(encodeMask(new MaskedValue('redact', null))));
export const HIDDEN = `${HIDDEN_TEXT}::jsonb`;
/** JSON of the application that \`jsonb\` cannot hold. The careful trigger hides it; a mask would be taken for a value of the application. */
export const UNFIT = `'{"$unfit":"nestjs-mikro-audit"}'::jsonb`;

/** SQL that is written over several lines here, without their indents: it stands in other SQL, in which they mean nothing. */
export function dedented(sql: string): string {
  return sql.replaceAll(/\s*\n\s*/g, '\n  ');
}
