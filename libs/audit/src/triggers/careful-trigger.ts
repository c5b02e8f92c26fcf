import { LONGEST_LABEL } from '../model/change-labels.js';
import { literal } from '../model/sql-names.js';
import type { CodecSettings } from '../serialize/property/property-codec.js';
import { MASKED_TEXT } from '../serialize/text/secret-texts.js';
import type { RecordedTable } from './recorded-table.js';
import { CAREFUL_MARK, CAREFUL_TRIGGER } from './revision-sql.js';
import { type DeclaredTrigger, declaredTrigger, functionSql } from './table-triggers.js';
import { type CarefulPlace, CarefulSql } from './values/careful-sql.js';
import { HIDDEN } from './values/sql-parts.js';

/**
 * Labels, with the mark where some value may be one that cannot be taken as it is.
 * @param objects the properties of the change, before and after it
 */
export function markedLabels(
  labels: string,
  objects: readonly string[],
  places: readonly CarefulPlace[],
  careful: CarefulSql,
): string {
  if (places.length === 0) {
    return labels;
  }
  const mark = `${literal(JSON.stringify({ [CAREFUL_MARK]: places }))}::jsonb`;
  return `nullif(coalesce(${labels}, '{}') || case when ${careful.isAnySuspicious(objects, places)} then ${mark} else '{}' end, '{}')`;
}

/**
 * Cuts and hides in changes that are marked, before they are stored. Knowing a secret takes much to read and to plan:
 * here it stands once for all tables, and most changes never come to it.
 * @param table the one of changes, or another with its columns
 */
export function carefulTrigger(table: RecordedTable, settings: CodecSettings): DeclaredTrigger {
  const body = carefulBody(new CarefulSql(settings));
  return declaredTrigger(
    table,
    { prefix: CAREFUL_TRIGGER, timing: 'before', event: 'insert', forEach: 'row' },
    (of) => `${functionSql(of.functionName, body)};
create or replace trigger ${of.name} before insert on ${of.table} for each row when (new.labels ? ${literal(CAREFUL_MARK)}) execute function ${of.functionName}()`,
  );
}

/** Members of embeddables come before the whole. */
function carefulBody(careful: CarefulSql): string {
  return `#variable_conflict use_column
declare changed jsonb := jsonb_build_object('before', new.before, 'after', new.after); place record; held jsonb; held_text text; safe jsonb;
  ${careful.names.constants.join('\n  ')}
begin
  for place in
    with recursive step as (
      select array[side.key] as path, wanted.path as rest, side.value, cardinality(wanted.path) as depth, wanted.raw, wanted.hides, wanted.named
      from jsonb_each(changed) side, jsonb_to_recordset(new.labels -> ${literal(CAREFUL_MARK)}) wanted(path text[], raw boolean, hides boolean, named boolean)
      union all
      select step.path || further.key, further.rest, further.value, step.depth, step.raw, step.hides, step.named
      from step, lateral (
        select step.rest[1] as key, step.rest[2:] as rest, step.value -> step.rest[1] as value where jsonb_typeof(step.value) = 'object'
        union all
        select (element.at - 1)::text, step.rest, element.value
        from jsonb_array_elements(case when jsonb_typeof(step.value) = 'array' then step.value end) with ordinality element(value, at)
      ) further
      where step.rest <> '{}' and further.value is not null
    )
    select path, raw, hides, named from step where rest = '{}' order by depth desc
  loop
    held := changed #> place.path;
    held_text := held::text;
    if (${careful.isSuspicious('held', 'held_text', 'place')}) then
      if ${careful.isShortText('held', 'held_text')} then
        ${careful.safeText('held', 'place')} into safe;
      else
        ${careful.safe('held', 'held_text', 'place')} into safe;
      end if;
      changed := jsonb_set(changed, place.path, safe);
      if safe = ${HIDDEN} and left(held #>> '{}', ${LONGEST_LABEL}) = new.labels ->> 'own' then
        new.labels := jsonb_set(new.labels, '{own}', ${literal(JSON.stringify(MASKED_TEXT))});
      end if;
    end if;
  end loop;
  new.before := nullif(changed -> 'before', 'null');
  new.after := nullif(changed -> 'after', 'null');
  new.labels := nullif(new.labels - ${literal(CAREFUL_MARK)}, '{}');
  return new;
end`;
}
