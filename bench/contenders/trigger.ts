import { AUDIT_LOG } from './audit-log.js';
import { type Contender, type ContenderOptions, openWithOrm } from './contender.js';

/** The database does it: no context unless the application sets one, so its rows are smaller than the others'. */
export function openTrigger(options: ContenderOptions): Promise<Contender> {
  return openWithOrm('trigger', options, { sql: AUDIT_LOG + TRIGGER });
}

const TRIGGER = `
create function audit_row() returns trigger language plpgsql as $$
declare
  before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
  changes jsonb;
begin
  select jsonb_object_agg(key, jsonb_build_object('old', before -> key, 'new', after -> key)) into changes
  from jsonb_object_keys(coalesce(after, before)) as key
  where before -> key is distinct from after -> key;
  insert into audit_log (actor, request_id, entity_type, entity_id, action, changes)
  values (current_setting('app.actor', true), current_setting('app.request_id', true),
    tg_table_name, coalesce(after, before) ->> 'id', lower(tg_op), changes);
  return null;
end $$;
create trigger audit after insert or update or delete on work_order for each row execute function audit_row();`;
