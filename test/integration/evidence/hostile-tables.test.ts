import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EvidenceReport, LogVerifier } from 'nestjs-mikro-audit';
import {
  leavesAtSql,
  leavesOfSql,
  leavesSql,
  unsealedSql,
} from '../../../libs/audit/src/evidence/database/log-sql.js';
import { SHOP_HASH_KEY, shop, shopOracle, Tag } from '../../support/fixtures/shop.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { forged, HASH, LEAF, NO_CONSTRAINTS, OLD, SEVENTH, TAKEN } from './forged-rows.js';
import { SealedDatabase, TABLES, TRUST } from './sealed-database.js';

const TIMEOUT = 120_000;
const ROWS = 40;

describe('tables that somebody owns', () => {
  const audited = useAuditedApp({
    entities: shop,
    options: { hashKey: SHOP_HASH_KEY },
    oracle: shopOracle,
    clear: false,
    verify: false,
  });
  let sealed: SealedDatabase;
  let checkpoint: string;

  const verify = (): Promise<EvidenceReport> =>
    new LogVerifier(sealed.log, { trust: TRUST, checkpoints: [checkpoint] }).all();

  beforeAll(async () => {
    sealed = await SealedDatabase.connect(audited.url);
    for (let count = 0; count < ROWS; count += 1) {
      const em = audited.orm.em.fork();
      em.create(Tag, { name: `tag ${count}` });
      await em.flush();
    }
    await sealed.seal();
    checkpoint = await sealed.checkpoint();
  }, TIMEOUT);
  afterAll(() => sealed?.client.end());

  it.each([
    ['before the first position', -1],
    ['behind every number', '9223372036854775806'],
  ])(
    'hide no row %s',
    async (_where, position) => {
      const sql = `${forged('', OLD)} insert into audit_position select ${position}, max(id) from audit_change;
      ${LEAF} (${position}, ${HASH}, ${HASH})`;
      const report = await sealed.tampered(sql, verify);
      expect(report).toMatchObject({ ok: false, rows: ROWS, counts: { 'row-unsealed': 1 } });
    },
    TIMEOUT,
  );

  it.each([
    ['without a time', forged('', 'null::timestamptz')],
    ['with the least id', forged(', id', `${OLD}, -9223372036854775808`)],
    ['with the greatest id', forged(', id', `${OLD}, 9223372036854775807`)],
    ['without an id', forged(', id', `${OLD}, null::bigint`)],
  ])(
    'hide no row %s',
    async (_how, sql) => {
      const report = await sealed.tampered(NO_CONSTRAINTS + sql, verify);
      expect(report).toMatchObject({ ok: false, rows: ROWS, counts: { 'row-unsealed': 1 } });
    },
    TIMEOUT,
  );

  it.each([
    ['a hash that is null', `update audit_leaf set hash = null where position = 7`, 'hashes-changed'],
    [
      'a hash of megabytes',
      `update audit_leaf set hash = decode(repeat('ab', 5000000), 'hex') where position = 7`,
      'hashes-changed',
    ],
    [
      'a seed of megabytes',
      `update audit_leaf set seed = decode(repeat('ab', 5000000), 'hex') where position = 7`,
      'row-changed',
    ],
    ['a position without a hash', `${LEAF} (${ROWS}, null, null)`, 'hashes-changed'],
    [
      'a position that is there twice',
      `insert into audit_position select 7, min(change_id) from audit_position`,
      'positions-disordered',
    ],
    [
      'a change that is there twice',
      `insert into audit_change overriding system value select * from audit_change order by id limit 1`,
      'positions-disordered',
    ],
    [
      'a position that is no whole number',
      `alter table audit_leaf alter position type numeric; ${LEAF} (7.6, ${HASH}, ${HASH})`,
      'positions-disordered',
    ],
    [
      'a last position that is no whole number',
      `alter table audit_leaf alter position type numeric; ${LEAF} (${ROWS}.6, ${HASH}, ${HASH})`,
      'positions-missing',
    ],
    [
      'thousands of twins',
      `insert into audit_leaf select l.* from audit_leaf l, generate_series(1, 3000) where position = 7; insert into audit_position select 7, ${SEVENTH} from generate_series(1, 100)`,
      'positions-disordered',
    ],
    [
      'a text that no program can hold',
      `alter table audit_change alter reason set storage external; update audit_change set reason = repeat('x', 70000000) where id = ${SEVENTH}`,
      'row-changed',
    ],
    [
      'reads that no JSON can hold',
      `insert into audit_read (entity_type, entity_id, revision_id) select 'tag', repeat('y', 1000000), ${SEVENTH} from generate_series(1, 20)`,
      'row-changed',
    ],
    ...(['1e131071', '-1e131071', '1e-16383'] as const).map((number): [string, string, string] => [
      `JSON of some kB whose text the server cannot make: ${number}`,
      `update audit_change set after = jsonb_build_object('name', (select jsonb_agg('${number}'::jsonb) from generate_series(1, 100000))) where id = ${SEVENTH}`,
      'row-changed',
    ]),
    [
      'salts that are no JSON',
      `alter table audit_leaf alter salts type text; update audit_leaf set seed = null, salts = '{"salts":' where position = 7`,
      'row-changed',
    ],
    [
      'a number of 130,000 digits',
      `update audit_change set after = ('{"name": 1' || repeat('0', 130000) || '1}')::jsonb where id = (select min(id) from audit_change)`,
      'row-changed',
    ],
  ])(
    'end no verification by %s',
    async (_how, sql, kind) => {
      const report = await sealed.tampered(NO_CONSTRAINTS + sql, verify);
      expect(report).toMatchObject({ ok: false, counts: { [kind]: 1 } });
    },
    TIMEOUT,
  );

  it(
    'end nothing by columns whose names are taken',
    async () => {
      const columns = TAKEN.map((name) => `add column "${name}" bigint default 5`).join(', ');
      const { report, pages } = await sealed.tampered(`alter table audit_change ${columns}`, async () => ({
        report: await verify(),
        pages: (await sealed.client.query(unsealedSql(TABLES), [0, 1_000_000])).rows.length,
      }));
      expect([report, pages]).toMatchObject([{ ok: true, rows: ROWS }, ROWS]);
    },
    TIMEOUT,
  );

  it(
    'end no verification by a column of another type',
    async () => {
      const report = await sealed.tampered('alter table audit_change alter reason type int using 1', verify);
      expect(report).toMatchObject({ ok: false, counts: { 'row-changed': ROWS } });
    },
    TIMEOUT,
  );

  it(
    'fill no memory with values that are small only as they are stored',
    async () => {
      const all = JSON.stringify(Array.from({ length: ROWS }, (_, position) => position));
      const pageRows = async (columns: string): Promise<readonly number[]> =>
        sealed.tampered(
          `update audit_change set ${columns} where id in (select id from audit_change order by id limit 6)`,
          async () => [
            (await sealed.client.query(leavesSql(TABLES), [0])).rows.length,
            (await sealed.client.query(leavesAtSql(TABLES), [all])).rows.length,
            (await sealed.client.query(leavesOfSql(TABLES), [0, 'tag', '1'])).rows.length,
          ],
        );
      expect(await pageRows(`entity_id = '1', reason = repeat('x', 3000000)`)).toEqual([2, 2, 2]);
      const text = `jsonb_build_object('text', repeat('x', 30000000))`;
      expect(await pageRows(`entity_id = '1', metadata = ${text}`)).toEqual([1, 1, 1]);
      expect(await pageRows(`entity_id = '1', reason = 'short'`)).toEqual([ROWS, ROWS, 6]);
      // All positions are asked for, and come in several pages.
      const large = `update audit_change set reason = repeat('x', 3000000) where id in (select id from audit_change order by id limit 6)`;
      const read = await sealed.tampered(large, async () => {
        const positions: number[] = [];
        for await (const { position } of sealed.log.positionsAt(JSON.parse(all))) {
          positions.push(position);
        }
        return positions;
      });
      expect(read).toEqual(JSON.parse(all));
    },
    TIMEOUT,
  );

  it.each([
    ['leaves', leavesSql(TABLES), [0]],
    ['leaves at positions', leavesAtSql(TABLES), ['[1, 2]']],
    ['leaves of an entity', leavesOfSql(TABLES), [0, 'tag', '1']],
    ['rows to be sealed', unsealedSql(TABLES), [0, 1_000_000]],
  ])('have no page of %s for which all of a table is read', async (_what, sql, parameters) => {
    const plan = await sealed.tampered('set enable_seqscan = on', async () => {
      const { rows } = await sealed.client.query(`explain ${sql}`, [...parameters]);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    // A hash over a table reads all of it; a scan of a few blocks is cheaper than an index in tables as small as these.
    expect(plan).not.toMatch(/Hash .*Join|Merge Join/);
  });

  it(
    'show nobody as the reader of what no revision has read',
    async () => {
      const em = audited.orm.em.fork();
      em.create(Tag, { name: 'one' });
      em.create(Tag, { name: 'another' });
      await em.flush();
      await sealed.client.query(
        `insert into audit_read (entity_type, entity_id, revision_id)
        select 'tag', '1', max(id) from audit_change where revision_id is not null`,
      );
      const { items } = await audited.reader.reads(Tag, 1);
      expect(items).toEqual([]);
    },
    TIMEOUT,
  );
});
