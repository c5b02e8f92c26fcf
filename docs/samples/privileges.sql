revoke all on audit_change, audit_read from books_app;
grant select, insert on audit_change, audit_read to books_app;
