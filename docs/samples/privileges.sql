revoke all on audit_revision, audit_change from books_app;
grant select, insert on audit_revision, audit_change to books_app;
