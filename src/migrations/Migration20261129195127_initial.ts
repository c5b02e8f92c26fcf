import { Migration } from '@mikro-orm/migrations';

export class Migration20261129195127_initial extends Migration {
  override name = 'Migration20261129195127_initial';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_change" ("id" bigint generated always as identity not null primary key, "revision_id" bigint null, "recorded_at" timestamptz(6) not null default clock_timestamp(), "actor_type" text not null, "actor_id" text null, "actor_label" text null, "on_behalf_of" jsonb null, "action" text null, "reason" text null, "restored_revision_id" bigint null, "entity_type" text null, "entity_id" text null, "part_of_type" text null, "part_of_id" text null, "part_of_id_before" text null, "renamed_to" text null, "operation" text null, "before" jsonb null, "after" jsonb null, "labels" jsonb null, "targets" text[] null, "transaction_id" xid8 not null default pg_current_xact_id(), "authentication_method" text null, "outcome" text null, "origin" jsonb null, "correlation_id" text null, "trace_id" text null, "span_id" text null, "metadata" jsonb null);`,
    );
    this.addSql(
      `comment on table "audit_change" is 'nestjs-mikro-audit: who changed what, when and why; before is null on create, after on delete';`,
    );
    this.addSql(
      `create index "audit_change_entity_idx" on "audit_change" ("entity_type", "entity_id", "id");`,
    );
    this.addSql(
      `create index "audit_change_ended_idx" on "audit_change" ("entity_type", "entity_id") where operation = 'delete' or renamed_to is not null;`,
    );
    this.addSql(
      `create index "audit_change_revision_idx" on "audit_change" ("revision_id", "id") where revision_id is not null;`,
    );
    this.addSql(`create index "audit_change_type_idx" on "audit_change" ("entity_type", "id");`);
    this.addSql(
      `create index "audit_change_first_time_idx" on "audit_change" ("recorded_at", "id") where revision_id is null and entity_type is not null;`,
    );
    this.addSql(
      `create index "audit_change_further_time_idx" on "audit_change" ("recorded_at", "id") where revision_id is not null;`,
    );
    this.addSql(
      `create index "audit_change_action_time_idx" on "audit_change" ("recorded_at", "id") where entity_type is null;`,
    );
    this.addSql(
      `create index "audit_change_first_actor_idx" on "audit_change" ("actor_id", "recorded_at", "id") where revision_id is null and entity_type is not null;`,
    );
    this.addSql(
      `create index "audit_change_further_actor_idx" on "audit_change" ("actor_id", "recorded_at", "id") where revision_id is not null;`,
    );
    this.addSql(
      `create index "audit_change_action_actor_idx" on "audit_change" ("actor_id", "recorded_at", "id") where entity_type is null;`,
    );
    this.addSql(
      `create index "audit_change_part_of_idx" on "audit_change" ("part_of_type", "part_of_id", "id") where part_of_id is not null;`,
    );
    this.addSql(
      `create index "audit_change_part_of_before_idx" on "audit_change" ("part_of_type", "part_of_id_before", "id") where part_of_id_before is not null;`,
    );
    this.addSql(
      `create index "audit_change_renamed_idx" on "audit_change" ("entity_type", "renamed_to", "id") where renamed_to is not null;`,
    );
    this.addSql(
      `create index "audit_change_targets_idx" on "audit_change" using gin ("targets") with (fastupdate = off) where targets is not null;`,
    );
    this.addSql(
      `create index "audit_change_action_idx" on "audit_change" ("action", "recorded_at", "id") where action is not null and revision_id is null;`,
    );
    this.addSql(
      `create index "audit_change_correlation_idx" on "audit_change" ("correlation_id", "recorded_at", "id") where correlation_id is not null;`,
    );
    this.addSql(
      `create index "audit_change_outcome_idx" on "audit_change" ("outcome", "recorded_at", "id") where outcome <> 'success';`,
    );
    this.addSql(
      `create index "audit_change_restored_idx" on "audit_change" ("restored_revision_id", "recorded_at", "id") where restored_revision_id is not null and revision_id is null;`,
    );
    this.addSql(
      `create index "audit_change_transaction_idx" on "audit_change" ("transaction_id", "id") where revision_id is null;`,
    );

    this.addSql(
      `create table "audit_read" ("entity_type" text not null, "entity_id" text not null, "revision_id" bigint not null, primary key ("entity_type", "entity_id", "revision_id"));`,
    );
    this.addSql(`comment on table "audit_read" is 'nestjs-mikro-audit: which entities were looked at';`);
    this.addSql(`create index "audit_read_revision_idx" on "audit_read" ("revision_id");`);

    this.addSql(
      `create table "customer" ("id" serial primary key, "name" varchar(255) not null, "email" varchar(255) not null, "phone" varchar(255) null);`,
    );

    this.addSql(`create table "tag" ("id" serial primary key, "name" varchar(255) not null);`);
    this.addSql(`alter table "tag" add constraint "tag_name_unique" unique ("name");`);

    this.addSql(
      `create table "technician" ("id" serial primary key, "name" varchar(255) not null, "email" varchar(255) not null);`,
    );
    this.addSql(`alter table "technician" add constraint "technician_email_unique" unique ("email");`);

    this.addSql(
      `create table "app_user" ("id" uuid not null, "name" varchar(255) not null, "email" varchar(255) not null, "token_hash" varchar(255) not null, primary key ("id"));`,
    );
    this.addSql(`alter table "app_user" add constraint "app_user_email_unique" unique ("email");`);
    this.addSql(`alter table "app_user" add constraint "app_user_token_hash_unique" unique ("token_hash");`);

    this.addSql(
      `create table "work_order" ("id" serial primary key, "number" varchar(255) not null, "title" varchar(255) not null, "status" text not null default 'open', "priority" text not null default 'normal', "price" numeric(12,2) not null default '0.00', "scheduled_at" timestamptz null, "closed_at" timestamptz null, "address_street" varchar(255) not null, "address_postal_code" varchar(255) not null, "address_city" varchar(255) not null, "address_country" varchar(2) not null, "custom_fields" jsonb not null, "customer_id" int not null, "technician_id" int null, "updated_at" timestamptz not null);`,
    );
    this.addSql(`alter table "work_order" add constraint "work_order_number_unique" unique ("number");`);
    this.addSql(
      `alter table "work_order" add constraint "work_order_status_check" check ("status" in ('open', 'in-progress', 'on-hold', 'closed', 'cancelled'));`,
    );
    this.addSql(
      `alter table "work_order" add constraint "work_order_priority_check" check ("priority" in ('low', 'normal', 'high', 'urgent'));`,
    );

    this.addSql(
      `create table "work_order_tags" ("work_order_id" int not null, "tag_id" int not null, primary key ("work_order_id", "tag_id"));`,
    );

    this.addSql(
      `create table "line_item" ("id" serial primary key, "work_order_id" int not null, "description" varchar(255) not null, "quantity" int not null, "unit_price" numeric(12,2) not null);`,
    );

    this.addSql(
      `alter table "work_order" add constraint "work_order_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(
      `alter table "work_order" add constraint "work_order_technician_id_foreign" foreign key ("technician_id") references "technician" ("id") on delete set null;`,
    );

    this.addSql(
      `alter table "work_order_tags" add constraint "work_order_tags_work_order_id_foreign" foreign key ("work_order_id") references "work_order" ("id") on update cascade on delete cascade;`,
    );
    this.addSql(
      `alter table "work_order_tags" add constraint "work_order_tags_tag_id_foreign" foreign key ("tag_id") references "tag" ("id") on update cascade on delete cascade;`,
    );

    this.addSql(
      `alter table "line_item" add constraint "line_item_work_order_id_foreign" foreign key ("work_order_id") references "work_order" ("id");`,
    );
  }
}
