import { afterEach, beforeEach } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import type { Options } from '@mikro-orm/postgresql';
import type { INestApplicationContext } from '@nestjs/common';
import type { AuditModuleOptions } from 'nestjs-mikro-audit';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { bootSequenceApp } from './sequence-app.js';

/** A database with the tables of the app, of which any number may be started on it. */
export interface SequenceSuite {
  readonly url: string;
  /** Past the library. */
  readonly client: pg.Client;
  /** One whose sequencer does not run. */
  readonly app: INestApplicationContext;
  boot(options?: AuditModuleOptions, orm?: Options): Promise<INestApplicationContext>;
  /** Counts up a row in a transaction of its own, with the app. */
  count(id: number): Promise<void>;
  /** Adds so many changes, each of a row of its own. */
  fill(rows: number): Promise<void>;
  /** Id of the row, and which version of it a change tells, of all changes that have a position, in their order. */
  order(): Promise<readonly string[]>;
}

/** Of the transaction that inserts, with `$1` and `$2` as id and version. */
export const INSERT_CHANGE = `insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, after)
select 'system', 'success', 'counted', $1::text, 'update', jsonb_build_object('version', $2::int)`;

export function useSequence(): SequenceSuite {
  let database: TestDatabase | undefined;
  let client: pg.Client | undefined;
  const apps: INestApplicationContext[] = [];
  const suite: SequenceSuite = {
    get url() {
      return database?.url ?? '';
    },
    get client() {
      return client as pg.Client;
    },
    get app() {
      return apps[0] as INestApplicationContext;
    },
    async boot(options, orm) {
      const app = await bootSequenceApp(suite.url, options, orm);
      apps.push(app);
      return app;
    },
    async count(id) {
      await suite.client.query('begin');
      const { rows } = await suite.client.query(
        'insert into counted (id, version) values ($1, 1) on conflict (id) do update set version = counted.version + 1 returning version',
        [id],
      );
      await suite.client.query(INSERT_CHANGE, [String(id), rows[0].version]);
      await suite.client.query('commit');
    },
    async fill(rows) {
      await suite.client.query(
        `insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, after)
        select 'system', 'success', 'counted', n::text, 'create', jsonb_build_object('version', n) from generate_series(1, $1::int) n`,
        [rows],
      );
    },
    async order() {
      const { rows } = await suite.client.query<{ told: string }>(
        `select c.entity_id || ':' || (c.after ->> 'version') as told
         from audit_position p join audit_change c on c.id = p.change_id order by p.position`,
      );
      return rows.map(({ told }) => told);
    },
  };
  beforeEach(async () => {
    database = await createTestDatabase();
    client = new pg.Client(database.url);
    await client.connect();
    await suite.boot({ sequencer: false });
    await suite.app.get(MikroORM).schema.create();
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    await client?.end();
    await database?.drop();
  });
  return suite;
}
