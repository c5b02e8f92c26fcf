import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase } from './database.js';

async function query<T>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

describe('createTestDatabase', () => {
  test('gives each caller an empty database of its own', async () => {
    const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    try {
      await query(one.url, 'create table a (id int)');
      const count = `select count(*)::int as n from pg_tables where schemaname = 'public'`;
      expect(await query(one.url, count)).toEqual([{ n: 1 }]);
      expect(await query(two.url, count)).toEqual([{ n: 0 }]);
    } finally {
      await Promise.all([one.drop(), two.drop()]);
    }
  });

  test('drops although a connection is open, and twice', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.url });
    const ended = new Promise<void>((resolve) => client.on('error', () => resolve()));
    await client.connect();
    await database.drop();
    await database.drop();
    await ended;
    await expect(query(database.url, 'select 1')).rejects.toThrow(/does not exist/);
  });

  test('copies a template with its rows', async () => {
    const template = await createTestDatabase();
    await query(template.url, 'create table a as select 7 as id');
    const copy = await createTestDatabase({ template: new URL(template.url).pathname.slice(1) });
    try {
      expect(await query(copy.url, 'select id from a')).toEqual([{ id: 7 }]);
    } finally {
      await Promise.all([copy.drop(), template.drop()]);
    }
  });
});
