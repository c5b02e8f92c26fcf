import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { auditPolicy } from 'nestjs-mikro-audit';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createTestOrm } from '../../support/orm.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { classMappings } from './classes.js';
import { cornerMappings } from './corners.js';
import { keyMappings } from './keys.js';
import type { Mapping } from './mapping.js';
import { relationMappings } from './relations.js';
import { valueMappings } from './values.js';

const mappings = [...keyMappings, ...relationMappings, ...classMappings, ...valueMappings, ...cornerMappings];
const restored = mappings.filter(({ unrestored }) => unrestored === undefined);
const audited = mappings.flatMap(({ entities }) => entities);
const entities = [...audited, ...mappings.flatMap(({ others = [] }) => others)];

let database: TestDatabase;
let plain: MikroORM;

beforeAll(async () => {
  database = await createTestDatabase();
  plain = await createTestOrm({ url: database.url, entities });
});
afterAll(async () => {
  await plain.close(true);
  await database.drop();
});

/** The outcome of a step: all rows of the application, or how it failed. */
async function outcomeOf(orm: MikroORM, step: Mapping['create']): Promise<unknown> {
  const em = orm.em.fork() as EntityManager;
  try {
    await step(em);
    await em.flush();
  } catch (error) {
    const { message, constructor: kind, code } = error as Error & { readonly code?: unknown };
    return { message, kind, code };
  }
  return rowsOf(orm);
}

async function rowsOf(orm: MikroORM): Promise<unknown> {
  const tables: { name: string; rows: unknown }[] = await orm.em.getConnection().execute(
    `select table_name as name, query_to_xml(format('select * from %I t order by t::text', table_name), true, true, '')::text as rows
     from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like 'audit%' order by table_name`,
  );
  return tables.filter(({ rows }) => rows !== '');
}

describe.each([false, true])('with auditing the same happens as without, exact: %p', (exact) => {
  const app = useAuditedApp({
    entities,
    options: { policies: audited.map((entity) => auditPolicy(entity as never, { exact })) },
  });

  it.each(mappings.map((mapping) => [mapping.title, mapping] as const))('%s', async (_title, mapping) => {
    const { create, updates, remove } = mapping;
    await plain.schema.clear();
    // Created a second time, the rows are there already.
    for (const [index, step] of [create, create, ...updates, remove, create].entries()) {
      const without = await outcomeOf(plain, step);
      const isRepeated = step === create && index > 0;
      expect(isRepeated || Array.isArray(without) ? 'rows' : without).toBe('rows');
      expect(await outcomeOf(app.orm, step)).toEqual(without);
      await app.oracle.verify();
    }
  });

  it.each(restored.map((mapping) => [mapping.title, mapping] as const))(
    'a restore brings back %s',
    async (_title, mapping) => {
      const { create, updates, remove } = mapping;
      for (const step of [create, ...updates]) {
        await outcomeOf(app.orm, step);
      }
      const before = await rowsOf(app.orm);
      expect(await outcomeOf(app.orm, remove)).not.toEqual(before);
      const [removal] = (await app.reader.revisions({ limit: 1 })).items;
      await app.restorer.apply(await app.restorer.planUndo(removal?.id ?? ''));
      expect(await rowsOf(app.orm)).toEqual(before);
    },
  );
});
