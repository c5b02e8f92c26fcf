import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database that nobody else uses. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it, cutting connections that are still open. Safe to call twice. */
  drop(): Promise<void>;
}

/**
 * Creates an empty database on the server of this run.
 * @param options.template copies that database (nobody may be connected to it) instead of an empty one
 * @param options.url names the database, for those who know where theirs will be before it is there
 */
export async function createTestDatabase(
  options: { readonly template?: string; readonly url?: string | undefined } = {},
): Promise<TestDatabase> {
  const url = new URL(options.url ?? adminUrl());
  if (options.url === undefined) {
    url.pathname = `/audit_test_${randomBytes(6).toString('hex')}`;
  }
  const name = url.pathname.slice(1);
  const template = options.template === undefined ? '' : ` template ${pg.escapeIdentifier(options.template)}`;
  await administer(`create database ${pg.escapeIdentifier(name)}${template}`);
  return {
    url: url.href,
    drop: () => administer(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
  };
}

/** The URL of the superuser on the server of this run, set by global-setup. */
function adminUrl(): string {
  const url = process.env.AUDIT_TEST_DATABASE_URL;
  if (url === undefined) {
    throw new Error(
      'AUDIT_TEST_DATABASE_URL is not set: this suite runs without test/support/global-setup.mjs.',
    );
  }
  return url;
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
