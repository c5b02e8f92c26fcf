import { expect } from '@jest/globals';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { AuditModuleOptions, JsonObject } from 'nestjs-mikro-audit';
import { declaredPolicies } from '../../../libs/audit/src/policy/declared-policies.js';
import type { EntityPolicy } from '../../../libs/audit/src/policy/entity-policy.js';
import { SecretScan } from '../../../libs/audit/src/serialize/json/secret-scan.js';
import type { CodecSettings } from '../../../libs/audit/src/serialize/property/property-codec.js';
import { carefulTrigger, markedLabels } from '../../../libs/audit/src/triggers/careful-trigger.js';
import { CarefulSql } from '../../../libs/audit/src/triggers/values/careful-sql.js';
import { entityIdSql } from '../../../libs/audit/src/triggers/values/entity-id-sql.js';
import {
  FUNCTION_SETTINGS,
  functionConstants,
  propertySql,
} from '../../../libs/audit/src/triggers/values/property-sql.js';
import { changesOf } from '../values/trail-values.js';

/** A row as a trigger would record it, and what it would record as changed since the one before. */
export interface SeenRow {
  readonly id: string;
  readonly values: JsonObject;
  readonly changed: readonly string[] | null;
}

/** Rows that are kept after each step, and what the SQL of the values makes of them. */
export class KeptRows {
  private readonly policies: ReadonlyMap<string, EntityPolicy>;
  private readonly settings: CodecSettings;

  constructor(
    private readonly orm: MikroORM,
    { policies = [], maxValueBytes = 65_536, hashKey, secrets: declared }: AuditModuleOptions = {},
  ) {
    const secrets = new SecretScan(declared);
    const found = declaredPolicies(orm.getMetadata(), policies, { isSecret: secrets.names.isSecret });
    this.policies = new Map(found.map((policy) => [policy.name, policy]));
    this.settings = {
      platform: orm.em.getPlatform(),
      limits: { maxValueBytes, maxDepth: 32 },
      hashKey: hashKey?.toString() ?? null,
      secrets,
    };
  }

  policy(name: string): EntityPolicy {
    const policy = this.policies.get(name);
    if (!policy) {
      throw new Error(`${name} is not audited.`);
    }
    return policy;
  }

  /** Keeps the row that is there now. */
  async keep(name: string): Promise<void> {
    const { table, kept } = this.tables(name);
    await this.run(
      `create table if not exists ${kept} as select 0::bigint as seq, t.* from ${table} t with no data`,
    );
    await this.run(`insert into ${kept} select (select count(*) from ${kept}), t.* from ${table} t`);
  }

  /** All rows that were kept until now, in order. */
  async seen(name: string): Promise<readonly SeenRow[]> {
    const { kept } = this.tables(name);
    const policy = this.policy(name);
    const properties = [...policy.properties.values()].map((property) =>
      propertySql(property, this.settings),
    );
    const values = properties.map(({ path, value }) => `'${path}', ${value('n')}`).join(', ');
    const changed = properties.map(
      ({ path, differs }) => `case when ${differs('o', 'n')} then '${path}' end`,
    );
    const id = entityIdSql(policy, 'n', this.settings.platform);
    const places = properties.flatMap((one) => one.places);
    const labels = markedLabels('null::jsonb', ['v.after'], places, new CarefulSql(this.settings));
    const { expression } = carefulTrigger({ schema: 'public', name: 'kept_rows' }, this.settings);
    await this.run(`drop table if exists kept_rows; create table kept_rows (seq bigint, id text, before jsonb, after jsonb, labels jsonb, changed text[]);
      ${expression};
      create or replace function keep_rows() returns void language plpgsql
      set search_path = pg_catalog, pg_temp ${FUNCTION_SETTINGS.join(' ')} as $f$ declare ${functionConstants(this.settings).join(' ')}
      begin insert into public.kept_rows select n.seq, ${id}, null, v.after, ${labels}, case when o.seq is not null then array_remove(array[${changed.join(', ')}], null) end
      from ${kept} n cross join lateral (select jsonb_build_object(${values}) as after offset 0) v left join ${kept} o on o.seq = n.seq - 1; end $f$`);
    await this.run('select keep_rows()');
    const rows: { id: string; vals: JsonObject; changed: string[] | null }[] = await this.run(
      'select id, after as vals, changed from kept_rows order by seq',
    );
    await this.run(`drop table ${kept}`);
    return rows.map((row) => ({ id: row.id, values: row.vals, changed: row.changed }));
  }

  private async run<Row>(sql: string): Promise<Row[]> {
    return this.orm.em.getConnection().execute(sql);
  }

  private tables(name: string): { readonly table: string; readonly kept: string } {
    const { meta } = this.policy(name);
    const platform = this.orm.em.getPlatform();
    const qualified = (table: string) => platform.quoteIdentifier(`${meta.schema ?? 'public'}.${table}`);
    return { table: qualified(meta.tableName), kept: qualified(`kept_${meta.tableName}`) };
  }
}

/** The changes that triggers would record of one row, from its insert on. */
export function changesSeen(rows: readonly SeenRow[]): [string, JsonObject | null, JsonObject | null][] {
  return rows.flatMap(({ values, changed }, at): [string, JsonObject | null, JsonObject | null][] => {
    if (changed === null) {
      return [['create', null, values]];
    }
    const only = (of: JsonObject) => Object.fromEntries(changed.map((path) => [path, of[path] ?? null]));
    const before = rows[at - 1]?.values ?? {};
    return changed.length === 0 ? [] : [['update', only(before), only(values)]];
  });
}

/**
 * Changes one row step by step, and expects that SQL makes of it what the trail has.
 */
export async function expectParity<Row extends object>(
  orm: MikroORM,
  options: AuditModuleOptions,
  name: string,
  create: (em: EntityManager) => Row,
  steps: readonly ((row: Row) => void)[],
): Promise<void> {
  const kept = new KeptRows(orm, options);
  const em = orm.em.fork();
  const row = create(em);
  await em.flush();
  await kept.keep(name);
  for (const step of steps) {
    step(row);
    await em.flush();
    await kept.keep(name);
  }
  const seen = await kept.seen(name);
  expect(changesSeen(seen)).toEqual(await changesOf({ orm }, name));
  const [change]: { entity_id: string }[] = await orm.em
    .getConnection()
    .execute('select entity_id from audit_change where entity_type = ?', [name]);
  expect(seen[0]?.id).toBe(change?.entity_id);
}
