import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkpointFolder, exportEvidence, proveRecord } from 'nestjs-mikro-audit';
import { SealedDatabase, TRUST } from '../integration/evidence/sealed-database.js';
import { untilBlocked } from '../support/until-blocked.js';
import { AuditCliApp } from './audit-cli-app.js';

const TIMEOUT = 600_000;
const WHO = ['--origin', TRUST.origin, '--key', TRUST.keys[0]?.key ?? ''];

describe('mikro-audit verify', () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-verify-'));
  let app: AuditCliApp;
  let sealed: SealedDatabase;
  let checkpoints: string;
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  beforeAll(async () => {
    app = await AuditCliApp.create();
    await app.fill(200);
    expect((await app.answer(['baseline', '--reason', 'We begin.'])).code).toBe(0);
    sealed = await SealedDatabase.connect(app.url);
    await sealed.seal();
    checkpoints = file('checkpoint', await sealed.checkpoint());
  }, TIMEOUT);
  afterAll(async () => {
    await sealed?.client.end();
    await app?.close();
    rmSync(folder, { recursive: true });
  });

  it(
    'proves the trail, a part of it, one entity, and says so to people and programs',
    async () => {
      const all = await app.run(['verify', ...WHO, '--checkpoint', checkpoints]);
      expect(all.stdout).toMatch(
        /^250 rows of example\.com\/audit verified, 1 checkpoints agree, the last one covers 250\.\nThe trail is what was sealed\.$/m,
      );
      expect(all.code).toBe(0);
      const trust = file('trust.json', JSON.stringify(TRUST));
      for (const [how, rows] of [
        [['--sample', '20'], 20],
        [['--entity', 'Book', '--id', '7'], 1],
        [['--position', '3'], 1],
        [['--since', checkpoints], 0],
      ] as const) {
        const { code, stdout } = await app.answer([
          'verify',
          '--trust',
          trust,
          '--checkpoint',
          checkpoints,
          '--json',
          ...how,
        ]);
        expect([code, JSON.parse(stdout)]).toMatchObject([0, { ok: true, rows, origin: TRUST.origin }]);
      }
    },
    TIMEOUT,
  );

  it(
    'names what somebody has edited, and ends with 1',
    async () => {
      await sealed.client.query(
        `update audit_change set actor_id = 'nobody' where entity_type = 'Book' and entity_id = '9'`,
      );
      const found = await app.answer(['verify', ...WHO, '--checkpoint', checkpoints]);
      expect(found.code).toBe(1);
      expect(found.stdout).toMatch(
        /^error row-changed Book 9: Change \d+ of position \d+ is not what was sealed\.$/m,
      );
      expect(found.stdout).toMatch(/The trail is not what was sealed\./);
      await sealed.client.query(
        `update audit_change set actor_id = (select actor_id from audit_change where entity_id = '8' and entity_type = 'Book') where entity_type = 'Book' and entity_id = '9'`,
      );
      expect((await app.answer(['verify', ...WHO, '--checkpoint', checkpoints])).code).toBe(0);
    },
    TIMEOUT,
  );

  it(
    'takes of a folder that several logs publish to the checkpoints of the one that it verifies',
    async () => {
      const shared = join(folder, 'shared');
      await checkpointFolder(shared).publish(TRUST.origin, 250, readFileSync(checkpoints, 'utf8'));
      await checkpointFolder(shared).publish(`${TRUST.origin}/other`, 1, 'of another log');
      const { code, stdout } = await app.answer(['verify', ...WHO, '--checkpoint', shared]);
      expect([code, stdout]).toEqual([0, expect.stringContaining('The trail is what was sealed.')]);
    },
    TIMEOUT,
  );

  it(
    'verifies a database without its app, as a role that may only read',
    async () => {
      await sealed.client.query(
        `create role verify_auditor login password 'secret'; grant select on all tables in schema public to verify_auditor`,
      );
      const url = new URL(app.url);
      [url.username, url.password] = ['verify_auditor', ''];
      const alone = ['--module', './nowhere.js', '--database', url.href, '--checkpoint', checkpoints];
      const env = { PGPASSWORD: 'secret' };
      expect(await app.answer(['verify', ...WHO, ...alone], env)).toMatchObject({
        code: 0,
        output: expect.stringMatching(/^250 rows.*\nThe trail is what was sealed\.\n$/),
      });
      const one = ['--schema', 'public', '--entity', 'Book', '--id', '7', '--json'];
      const { code, stdout } = await app.answer(['verify', ...WHO, ...alone, ...one], env);
      expect([code, JSON.parse(stdout)]).toMatchObject([0, { ok: true, rows: 1 }]);
      for (const [args, text] of [
        [['--schema', 'elsewhere'], /"elsewhere"\."audit_leaf".*missing/],
        [['--context', 'default'], /--database and --context/],
        [['--export', 'x.ndjson'], /--database and --export/],
      ] as const) {
        const refused = await app.answer(['verify', ...WHO, ...alone, ...args], env);
        expect([refused.code, refused.output]).toEqual([2, expect.stringMatching(text)]);
      }
      const wrong = await app.answer(['verify', ...WHO, ...alone], { PGPASSWORD: 'wrong' });
      expect([wrong.code, wrong.output]).toEqual([
        2,
        expect.stringMatching(/password authentication failed/),
      ]);
      await sealed.client.query('drop owned by verify_auditor; drop role verify_auditor');
    },
    TIMEOUT,
  );

  it(
    'says which database does not answer, and goes by all that its URL says',
    async () => {
      const url = new URL(app.url);
      url.searchParams.set('sslmode', 'verify-full');
      for (const [database, text] of [
        [url.href, /127\.0\.0\.1:\d+\/\S+ lets nobody in .*does not support SSL/],
        ['postgres://127.0.0.1:1/shop', /127\.0\.0\.1:1\/shop lets nobody in .*ECONNREFUSED/],
        ['postgres:///shop?host=/nowhere', /this machine\/shop lets nobody in .*\/nowhere/],
        ['postgres://anna:100%@127.0.0.1/shop', /no URL of a PostgreSQL database/],
        ['mysql://127.0.0.1/shop', /no URL of a PostgreSQL database/],
        ['postgres://127.0.0.1:99999/shop', /no URL of a PostgreSQL database/],
      ] as const) {
        const { code, output } = await app.answer([
          'verify',
          ...WHO,
          '--checkpoint',
          checkpoints,
          '--database',
          database,
        ]);
        expect([code, output]).toEqual([2, expect.stringMatching(text)]);
        expect(output).not.toContain('anna');
      }
    },
    TIMEOUT,
  );

  it('ends at Ctrl-C while the server works on a statement', async () => {
    await sealed.client.query('begin; lock table audit_change in access exclusive mode');
    try {
      const args = ['verify', ...WHO, '--database', app.url, '--checkpoint', checkpoints];
      const ended = await app.runUntil(args, async () => {
        await untilBlocked(app.url);
        return true;
      });
      expect([ended.code, ended.output]).toEqual([
        2,
        expect.stringContaining('told to end before it was done'),
      ]);
    } finally {
      await sealed.client.query('rollback');
    }
  }, 60_000);

  it(
    'verifies exports and proofs without an app',
    async () => {
      const checkpoint = await sealed.checkpoint();
      let text = '';
      for await (const line of exportEvidence({ log: sealed.log, checkpoint, rows: 'all' })) {
        text += line;
      }
      const [good, bad] = [
        file('good.ndjson', text),
        file('bad.ndjson', text.replace('"Book 7"', '"Book x"')),
      ];
      const alone = ['--module', './nowhere.js'];
      expect(await app.answer(['verify', ...WHO, ...alone, '--export', good])).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/250 rows/),
      });
      expect(await app.answer(['verify', ...WHO, ...alone, '--export', bad])).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/row-changed Book 7/),
      });
      const proved = await proveRecord(sealed.log, 5, checkpoint);
      const [proof, record] = [
        file('5.tlog-proof', proved?.proof ?? ''),
        file('5.json', proved?.record ?? ''),
      ];
      const { code, stdout } = await app.answer([
        'verify',
        ...WHO,
        ...alone,
        '--proof',
        proof,
        '--record',
        record,
        '--json',
      ]);
      expect([code, JSON.parse(stdout)]).toMatchObject([
        0,
        { position: 5, erased: [], checkpoint: { size: 250 } },
      ]);
      const forged = file('forged.json', (proved?.record ?? '').replace('We begin', 'They begin'));
      expect(
        await app.answer(['verify', ...WHO, ...alone, '--proof', proof, '--record', forged]),
      ).toMatchObject({ code: 2, output: expect.stringMatching(/AUDIT_EVIDENCE_FORMAT/) });
    },
    TIMEOUT,
  );

  it(
    'refuses a command line that proves nothing',
    async () => {
      for (const [args, text] of [
        [[...WHO], /There is no checkpoint/],
        [['--checkpoint', checkpoints], /Nothing says which log/],
        [[...WHO, '--checkpoint', join(folder, 'none')], /cannot be read/],
        [
          [...WHO, '--checkpoint', checkpoints, '--sample', '2', '--position', '3'],
          /--sample and --position/,
        ],
        [[...WHO, '--checkpoint', checkpoints, '--entity', 'Book'], /without --id/],
        [['--trust', file('bad.json', '{"origin":"x"}'), '--checkpoint', checkpoints], /whom to trust/],
        [[...WHO, '--checkpoint', checkpoints, '--schema', 'public'], /--schema is given without --database/],
        [[...WHO, '--context', 'other', '--checkpoint', checkpoints], /no trail of other/],
      ] as const) {
        const { code, output } = await app.answer(['verify', ...args]);
        expect([code, output]).toEqual([2, expect.stringMatching(text)]);
      }
    },
    TIMEOUT,
  );
});
