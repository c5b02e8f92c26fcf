create index audit_change_root_idx on audit_change (root_type, root_id, id) where root_id is not null;
create index audit_change_type_idx on audit_change (entity_type, id);
create index audit_revision_correlation_idx on audit_revision (correlation_id, id);
create index audit_revision_action_idx on audit_revision (action, id) where action is not null;
