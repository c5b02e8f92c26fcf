create index audit_line_order_idx on audit_change ((after -> 'order')) where entity_type = 'line';
create index audit_order_tags_idx on audit_change using gin ((after -> 'tags') jsonb_path_ops)
  where entity_type = 'order';
