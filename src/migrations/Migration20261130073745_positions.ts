import { Migration } from '@mikro-orm/migrations';

export class Migration20261130073745_positions extends Migration {
  override name = 'Migration20261130073745_positions';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_position" ("position" bigint not null, "change_id" bigint not null, primary key ("position"));`,
    );
    this.addSql(
      `comment on table "audit_position" is 'nestjs-mikro-audit: the order in which changes were committed';`,
    );
    this.addSql(
      `alter table "audit_position" add constraint "audit_position_change_idx" unique ("change_id");`,
    );

    this.addSql(
      `create table "audit_tick" ("number" bigint not null, "kind" text not null, "snapshot" pg_snapshot not null, "since" pg_snapshot null, "until_id" bigint null, "passed_id" bigint null, "size" bigint not null, "system_identifier" bigint not null, "taken_at" timestamptz(6) not null default clock_timestamp(), primary key ("number"));`,
    );
    this.addSql(
      `comment on table "audit_tick" is 'nestjs-mikro-audit: when positions were given out, and which transactions have theirs';`,
    );
    this.addSql(`create index "audit_tick_late_idx" on "audit_tick" ("number") where kind = 'late';`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "audit_position" cascade;`);
    this.addSql(`drop table if exists "audit_tick" cascade;`);
  }
}
