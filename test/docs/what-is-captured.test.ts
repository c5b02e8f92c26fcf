import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { companyEntities } from '../support/fixtures/company.js';
import { orderEntities } from '../support/fixtures/orders.js';
import { createTestOrm } from '../support/orm.js';
import { StatementLog } from '../support/statement-log.js';
import { useAuditedApp } from '../support/use-audited-app.js';
import { readProjectFile } from './markdown.js';
import { WAYS } from './ways-to-write.js';

const PAGE = 'docs/04-considerations/what-is-captured.md';

interface Promised {
  readonly way: string;
  readonly captured: string;
  readonly more: string;
}

/** The rows of the tables of the page whose second column says yes or no. */
const promised: readonly Promised[] = readProjectFile(PAGE)
  .split('\n')
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()))
  .filter(([, captured = '']) => ['yes', 'no', 'nothing to capture'].includes(captured))
  .map(([way = '', captured = '', more = '']) => ({ way, captured, more }));

describe(`the table in ${PAGE}`, () => {
  const entities = [...companyEntities, ...orderEntities];
  const plainStatements = new StatementLog();
  const audited = useAuditedApp({ entities, clear: false, verify: false });
  let plainDatabase: TestDatabase;
  let plain: MikroORM;

  beforeAll(async () => {
    plainDatabase = await createTestDatabase();
    plain = await createTestOrm({ url: plainDatabase.url, entities, statementLog: plainStatements });
  });

  afterAll(async () => {
    await plain.close(true);
    await plainDatabase.drop();
  });

  it('lists exactly the ways that are tried here', () => {
    expect(promised.map(({ way }) => way).sort()).toEqual(Object.keys(WAYS).sort());
  });

  it.each(promised)('$way: captured $captured, $more statements more', async ({ way, captured, more }) => {
    const tried = WAYS[way];
    const run = async (orm: MikroORM, log: StatementLog, prepared: () => Promise<unknown>) => {
      const first = orm.em.fork() as EntityManager;
      await tried?.before?.(first);
      await first.flush();
      await prepared();
      log.take();
      await tried?.write(orm.em.fork() as EntityManager);
      return log.take().length;
    };
    await plain.schema.clear();
    await audited.oracle.clear();
    const without = await run(plain, plainStatements, () => Promise.resolve());
    const count = async (): Promise<number> => {
      const rows: { count: string }[] = await audited.orm.em
        .getConnection()
        .execute('select count(*) from audit_change');
      return Number(rows[0]?.count);
    };
    let earlier = 0;
    const auditedRun = await run(audited.orm, audited.statements, async () => {
      earlier = await count();
    });
    const rows = (await count()) - earlier;
    expect({
      captured: rows > 0 ? 'yes' : captured === 'yes' ? 'no' : captured,
      more: auditedRun - without,
    }).toEqual({
      captured,
      more: Number(more),
    });
  });
});
