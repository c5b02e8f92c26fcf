import { Migration } from '@mikro-orm/migrations';

export class Migration20261130110917_evidence extends Migration {
  override name = 'Migration20261130110917_evidence';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_checkpoint" ("size" bigint not null, "published_at" timestamptz(6) not null default clock_timestamp(), "note" text not null, primary key ("size", "published_at"));`,
    );
    this.addSql(
      `comment on table "audit_checkpoint" is 'nestjs-mikro-audit: copies of the checkpoints that were published';`,
    );

    this.addSql(
      `create table "audit_leaf" ("position" bigint not null, "hash" bytea not null, "seed" bytea null, "salts" jsonb null, primary key ("position"));`,
    );
    this.addSql(
      `comment on table "audit_leaf" is 'nestjs-mikro-audit: hashes of the rows that are sealed, and what their values are salted with';`,
    );

    this.addSql(
      `create table "audit_tree_hash" ("level" int not null, "index" bigint not null, "hash" bytea not null, primary key ("level", "index"));`,
    );
    this.addSql(
      `comment on table "audit_tree_hash" is 'nestjs-mikro-audit: hashes of the Merkle tree above its leaves';`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "audit_checkpoint" cascade;`);
    this.addSql(`drop table if exists "audit_leaf" cascade;`);
    this.addSql(`drop table if exists "audit_tree_hash" cascade;`);
  }
}
