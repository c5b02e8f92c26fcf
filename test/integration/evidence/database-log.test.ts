import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AuditRecorder,
  type EvidenceReport,
  LogVerifier,
  proveRecord,
  verifyRecord,
} from 'nestjs-mikro-audit';
import { SEALED_COLUMNS } from '../../../libs/audit/src/evidence/leaf/sealed-columns.js';
import { SHOP_HASH_KEY, shop, shopOracle, Tag } from '../../support/fixtures/shop.js';
import { isSoak } from '../../support/soak.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { SealedDatabase, TRUST } from './sealed-database.js';

const LARGE = Number(process.env.AUDIT_SOAK_CHANGES ?? 20_000);
const TIMEOUT = 3_600_000;

describe('a trail in PostgreSQL', () => {
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
    await audited.context.run(
      {
        actor: { type: 'user', id: 'u-1', label: 'Ada 🎉' },
        onBehalfOf: { type: 'user', id: 'u-2', label: null },
        reason: 'because',
        action: 'tag.sort',
        metadata: { deep: { list: [1, 2.5, null, 'ü\n"'] } },
        correlationId: 'c-1',
      },
      async () => {
        for (let count = 0; count < 300; count += 1) {
          const em = audited.orm.em.fork();
          const tag = em.create(Tag, { name: `tag ${count}` });
          await em.flush();
          tag.name = `tag ${count} "other" \u0001 ü`;
          await em.flush();
        }
        await audited.app.get(AuditRecorder).record({ action: 'tag.list' });
      },
    );
    await sealed.client.query(`update audit_change set labels = '{"own": "x", "targets": {}}', before = '{"n": 12345678901234567890.10, "é": "\\\\u0001"}'
      where id = (select min(id) from audit_change where operation = 'update')`);
    // As `@AuditRead()` writes it.
    await sealed.client.query(
      `insert into audit_read (entity_type, entity_id, revision_id) select 'tag', '1', max(id) from audit_change`,
    );
    await sealed.seal();
    checkpoint = await sealed.checkpoint();
  }, TIMEOUT);
  afterAll(() => sealed?.client.end());

  it('is proved as the app has written it, whatever the session is set to', async () => {
    const settings = `set timezone = 'Asia/Kathmandu'; set datestyle = 'German'; set bytea_output = 'escape'; set extra_float_digits = 0`;
    const report = await sealed.tampered(settings, verify);
    expect(report).toMatchObject({ ok: true, counts: {}, checkpoints: 1 });
    expect(report.rows).toBeGreaterThan(600);
  });

  it.each(SEALED_COLUMNS.filter((column) => column !== 'reads'))(
    '%s of a row is written anew',
    async (column) => {
      const name = column.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const { rows } = await sealed.client.query(
        `select format_type(atttypid, null) as type from pg_attribute where attrelid = 'audit_change'::regclass and attname = $1`,
        [name],
      );
      const values: Readonly<Record<string, string>> = {
        bigint: '999999999',
        'timestamp with time zone': `recorded_at + interval '1 microsecond'`,
        jsonb: `'{"forged": true}'`,
        'text[]': `'{forged}'`,
        xid8: `'999'`,
        text: `'forged'`,
      };
      const row = '(select change_id from audit_position where position = 100)';
      const identity = column === 'id' ? 'alter table audit_change alter column id drop identity; ' : '';
      const sql = `${identity}update audit_change set "${name}" = ${values[rows[0].type]} where id = ${row}`;
      const report = await sealed.tampered(sql, verify);
      // A row with another id is gone for its position.
      expect(report).toMatchObject({
        ok: false,
        counts: { [column === 'id' ? 'row-missing' : 'row-changed']: 1 },
      });
      expect(report.findings[0]).toMatchObject({ from: 100, to: 100 });
    },
  );

  it.each([
    ['a read is taken out', 'delete from audit_read', 'row-changed'],
    [
      'a read is put in',
      `insert into audit_read select entity_type, '2', revision_id from audit_read`,
      'row-changed',
    ],
    [
      'rows are deleted',
      'delete from audit_change where id in (select id from audit_change order by id limit 3)',
      'row-missing',
    ],
    ['positions are deleted', 'delete from audit_position where position between 5 and 9', 'row-missing'],
    ['leaves are deleted', 'delete from audit_leaf where position between 5 and 9', 'positions-missing'],
    ['the end is cut off', 'delete from audit_leaf where position > 400', 'log-shrunk'],
    ['all is deleted', 'truncate audit_change, audit_position, audit_leaf, audit_tree_hash', 'log-shrunk'],
    ['a hash is changed', `update audit_tree_hash set hash = sha256('') where index = 0`, 'hashes-changed'],
    ['a hash of a leaf is none', `update audit_leaf set hash = '\\x00' where position = 7`, 'hashes-changed'],
    [
      'a digit of a number beyond doubles',
      `update audit_change set before = jsonb_set(before, '{n}', '12345678901234567890.11') where before ? 'n'`,
      'row-changed',
    ],
    ['salts are taken away', 'update audit_leaf set seed = null where position = 7', 'row-changed'],
    [
      'salts are none',
      `update audit_leaf set seed = null, salts = '{"salts": [], "erased": {}}' where position = 7`,
      'row-changed',
    ],
    [
      'positions change places',
      `update audit_position p set change_id = -q.change_id from audit_position q
      where (p.position, q.position) in ((3, 4), (4, 3)); update audit_position set change_id = -change_id where change_id < 0;
      update audit_leaf l set hash = m.hash, seed = m.seed from audit_leaf m where (l.position, m.position) in ((3, 4), (4, 3))`,
      'root-differs',
    ],
    [
      'a row hides from the sequencer',
      `insert into audit_change (recorded_at, actor_type, outcome, action) values (now() - interval '2 hours', 'system', 'success', 'x')`,
      'row-unsealed',
    ],
  ])('%s', async (_, sql, kind) => {
    const report = await sealed.tampered(sql, verify);
    expect(report.ok).toBe(false);
    expect(Object.keys(report.counts)).toContain(kind);
  });

  it('gives the proof of one row', async () => {
    const proved = await proveRecord(sealed.log, 300, checkpoint);
    expect(verifyRecord(proved?.proof ?? '', proved?.record ?? '', TRUST)).toMatchObject({
      position: 300,
      erased: [],
    });
    expect(await proveRecord(sealed.log, 100_000, checkpoint)).toBeNull();
    const entity = await new LogVerifier(sealed.log, { trust: TRUST, checkpoints: [checkpoint] }).entity(
      'tag',
      '1',
    );
    expect(entity).toMatchObject({ ok: true, rows: 2 });
    const sample = await new LogVerifier(sealed.log, { trust: TRUST, checkpoints: [checkpoint] }).sample(50);
    expect(sample).toMatchObject({ ok: true, rows: 50 });
  });

  it(
    `${LARGE} more rows`,
    async () => {
      await sealed.client.query(
        `insert into audit_change (recorded_at, actor_type, actor_id, actor_label, entity_type, entity_id, operation, before, after, outcome, origin, correlation_id)
      select clock_timestamp(), 'user', 'u-' || n % 100, 'Ada', 'tag', (n % 1000)::text, 'update', jsonb_build_object('name', 'tag ' || n, 'rank', n),
        jsonb_build_object('name', 'tag ' || n + 1, 'rank', n + 1), 'success',
        '{"ip": "10.0.0.1", "source": "http", "method": "POST", "route": "/tags/:id", "userAgent": "Mozilla/5.0", "handler": "Tags.update"}', 'c-' || n
      from generate_series(1, ${LARGE}) n`,
      );
      let memory = process.memoryUsage.rss();
      const before = memory;
      const watching = setInterval(() => {
        memory = Math.max(memory, process.memoryUsage.rss());
      }, 100);
      const timed = async <Result>(work: () => Promise<Result>): Promise<[Result, number]> => {
        const started = performance.now();
        return [await work(), performance.now() - started];
      };
      const [count, sealing] = await timed(() => sealed.seal());
      expect(count).toBe(LARGE);
      checkpoint = await sealed.checkpoint(checkpoint);
      const [report, verifying] = await timed(verify);
      expect(report).toMatchObject({ ok: true, counts: {} });
      const size = report.size ?? 0;
      const [proved, proving] = await timed(() => proveRecord(sealed.log, Math.floor(size / 2), checkpoint));
      const [one, checking] = await timed(() =>
        new LogVerifier(sealed.log, { trust: TRUST, checkpoints: [checkpoint] }).position(
          Math.floor(size / 3),
        ),
      );
      expect([proved !== null, one.ok]).toEqual([true, true]);
      clearInterval(watching);
      if (isSoak) {
        const perSecond = (milliseconds: number, rows: number): number =>
          Math.round((rows / milliseconds) * 1_000);
        process.stderr.write(
          `sealed ${perSecond(sealing, LARGE)}/s, verified ${perSecond(verifying, size)}/s, proof ${proving.toFixed(1)} ms, one row ${checking.toFixed(1)} ms, at most ${Math.round((memory - before) / 2 ** 20)} MB more than before\n`,
        );
      }
    },
    TIMEOUT,
  );
});
