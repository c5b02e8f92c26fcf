import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { createTestOrm } from '../../support/orm.js';
import { isAuditWrite, StatementLog } from '../../support/statement-log.js';
import type { TestEntity } from '../../support/test-entity.js';
import type { AuditedSuite } from '../../support/use-audited-app.js';

/** The same entities without auditing, on a database of their own, to compare statements with. */
export function useUnauditedTwin(audited: AuditedSuite, entities: readonly TestEntity[]) {
  let database: TestDatabase;
  let plain: MikroORM;
  const statements = new StatementLog();

  beforeAll(async () => {
    database = await createTestDatabase();
    plain = await createTestOrm({ url: database.url, entities, statementLog: statements });
  });

  beforeEach(async () => {
    await plain.schema.clear();
    audited.statements.take();
    statements.take();
  });

  afterAll(async () => {
    await plain.close(true);
    await database.drop();
  });

  /** Runs the same work with and without auditing and returns how many statements of each kind the audited run had. */
  async function compare(work: (em: EntityManager) => Promise<void>) {
    const run = async (orm: MikroORM, log: StatementLog) => {
      log.take();
      await work(orm.em.fork() as EntityManager);
      return log.take();
    };
    const unaudited = await run(plain, statements);
    const all = await run(audited.orm, audited.statements);
    expect(all.filter((statement) => !isAuditWrite(statement))).toEqual(unaudited);
    await audited.oracle.verify();
    return { audit: all.filter(isAuditWrite).length, beforeLast: isAuditWrite(all.at(-2) ?? '') };
  }

  return { compare };
}
