import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import type { INestApplicationContext } from '@nestjs/common';
import { AuditEvidence, AuditReader, AuditRecorder, verifyExport, verifyRecord } from 'nestjs-mikro-audit';
import { fencedBlocks } from '../../docs/markdown.js';
import { useSequence } from '../sequence/use-sequence.js';
import { covered, evidence, MemoryPublisher, newKey, sealingHealth, trustIn } from './sealing-app.js';

const TIMEOUT = 120_000;
const KEY = newKey();
const TRUST = trustIn(KEY);

async function textOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) {
    text += line;
  }
  return text;
}

async function* inOrderOf(ids: readonly string[]): AsyncGenerator<string> {
  yield* ids;
}

describe('AuditEvidence', () => {
  const suite = useSequence();
  const publisher = new MemoryPublisher();

  /** An app whose first changes are covered, and their ids in the order of their positions. */
  const sealedApp = async (
    changes: number,
  ): Promise<readonly [INestApplicationContext, readonly string[]]> => {
    publisher.notes.length = 0;
    const app = await suite.boot({ evidence: evidence([KEY], publisher) });
    for (let id = 1; id <= changes; id += 1) {
      await suite.count(id);
    }
    await covered(app, changes);
    const { rows } = await suite.client.query<{ id: string }>(
      'select change_id::text as id from audit_position order by position',
    );
    return [app, rows.map(({ id }) => id)];
  };

  it(
    'tells of changes how they stand in the log, and proves each of them',
    async () => {
      const [app, ids] = await sealedApp(5);
      const proofs = app.get(AuditEvidence);
      const seals = await proofs.seals([...ids, '999999']);
      expect([...seals.keys()]).toEqual([...ids, '999999']);
      ids.forEach((id, position) => {
        const { checkpoint, ...seal } = seals.get(id) ?? {};
        expect(seal).toEqual({ position, sealed: true });
        expect(checkpoint?.size).toBeGreaterThan(position);
        expect(checkpoint?.publishedAt).toBeInstanceOf(Date);
      });
      expect(seals.get('999999')).toEqual({ position: null, sealed: false, checkpoint: null });
      expect(await proofs.newestCheckpoint()).toBe(publisher.notes.at(-1));

      for (const [position, id] of ids.entries()) {
        const proved = await proofs.prove(id);
        const { checkpoint, ...verified } = verifyRecord(proved?.proof ?? '', proved?.record ?? '', TRUST);
        expect(verified).toMatchObject({ position, erased: [] });
        // By the first checkpoint that covers it, which is what its seal names.
        expect(checkpoint.size).toBe(seals.get(id)?.checkpoint?.size);
        expect(JSON.parse(verified.leaf).row.id).toBe(id);
      }
      expect(await proofs.prove('999999')).toBeNull();
      await expect(proofs.prove('no')).rejects.toMatchObject({ code: 'AUDIT_INVALID_QUERY' });
    },
    TIMEOUT,
  );

  it(
    'has values that are checked with openssl, as the guide says',
    async () => {
      const guide = fencedBlocks('docs/03-guides/evidence.md');
      const commands = guide.find(({ text }) => text.includes('openssl dgst'))?.text ?? '';
      const [app, [id = '']] = await sealedApp(1);
      const proved = await app.get(AuditEvidence).prove(id);
      const { leaf } = verifyRecord(proved?.proof ?? '', proved?.record ?? '', TRUST);
      const seed = JSON.parse(proved?.record ?? '').salts;
      for (const [name, value] of [
        ['entityId', '"1"'],
        ['values.version', '{"after":1}'],
      ] as const) {
        const env = { ...process.env, seed, name, value };
        const printed = execFileSync('bash', ['-c', commands], { env, encoding: 'utf8' });
        expect(printed.trim()).toBe(JSON.parse(leaf).commitments[name]);
      }
    },
    TIMEOUT,
  );

  it(
    'exports changes in any order, and the whole log, as what verifies by itself',
    async () => {
      const [app, ids] = await sealedApp(1_200);
      const proofs = app.get(AuditEvidence);
      const verify = (text: string) => verifyExport(inOrderOf([text]), { trust: TRUST });
      const some = await textOf(proofs.export(inOrderOf(ids.toReversed()), { query: { asked: 'all' } }));
      expect(await verify(some)).toMatchObject({ ok: true, rows: 1_200, findings: [] });
      expect(JSON.parse(some.split('\n')[0] ?? '').query).toEqual({ asked: 'all' });
      const twice = await textOf(proofs.export([ids[7] ?? '', ids[3] ?? '', ids[7] ?? '']));
      expect(await verify(twice)).toMatchObject({ ok: true, rows: 2 });
      const whole = await textOf(proofs.export('all'));
      expect(await verify(whole)).toMatchObject({ ok: true, rows: 1_200 });
      expect(await verify(some.replace('"version":1', '"version":2'))).toMatchObject({ ok: false });
      await expect(textOf(proofs.export([ids[0] ?? '', '999999']))).rejects.toMatchObject({
        code: 'AUDIT_EVIDENCE_NOT_COVERED',
      });
      const known = await textOf(proofs.export([ids[0] ?? '', '999999'], { notCovered: 'leave-out' }));
      expect(await verify(known)).toMatchObject({ ok: true, rows: 1, counts: { 'not-covered': 1 } });
    },
    TIMEOUT,
  );

  it(
    'exports what a query finds, changes and actions, as of the newest checkpoint',
    async () => {
      const [app] = await sealedApp(520);
      await app.get(AuditRecorder).record({ action: 'looked-at' });
      const found = app.get(AuditReader).allIds({ operation: 'update', order: 'oldest' });
      const text = await textOf(app.get(AuditEvidence).export(found, { notCovered: 'leave-out' }));
      expect(await verifyExport(inOrderOf([text]), { trust: TRUST })).toMatchObject({ ok: true, rows: 520 });
      const all: string[] = [];
      for await (const id of app.get(AuditReader).allIds()) {
        all.push(id);
      }
      expect(all).toHaveLength(521);
      const newest = await app.get(AuditReader).revisions({ limit: 1 });
      expect(newest.items[0]).toMatchObject({ id: all[0], action: 'looked-at' });
    },
    TIMEOUT,
  );

  it(
    'says so of what is not covered yet, and proves it when it is',
    async () => {
      const [app] = await sealedApp(2);
      const [sealer, proofs] = [app.get(AuditEvidence), app.get(AuditEvidence)];
      await suite.client.query('delete from audit_checkpoint');
      const { rows } = await suite.client.query('select change_id::text as id from audit_position limit 1');
      const id: string = rows[0].id;
      expect((await sealer.seals([id])).get(id)).toEqual({ position: 0, sealed: true, checkpoint: null });
      expect(await proofs.newestCheckpoint()).toBeNull();
      await expect(proofs.prove(id)).rejects.toMatchObject({
        code: 'AUDIT_EVIDENCE_NOT_COVERED',
        message: expect.stringContaining(`change ${id} yet, which has position 0`),
      });
      await expect(textOf(proofs.export('all'))).rejects.toMatchObject({
        code: 'AUDIT_EVIDENCE_NOT_COVERED',
      });
      await suite.count(3);
      await covered(app, 3);
      expect(await proofs.prove(id)).not.toBeNull();
    },
    TIMEOUT,
  );

  it.each([
    ['a value of the row', `update audit_change set after = '{"version":7}' where id = $1`],
    ['its actor', `update audit_change set actor_id = 'nobody' where id = $1`],
    ['the salts of its leaf', `update audit_leaf set seed = null where position = 1 and $1::bigint > 0`],
    [
      'the hash of its leaf',
      `update audit_leaf set hash = sha256('x') where position = 1 and $1::bigint > 0`,
    ],
    ['a hash beside it', `update audit_leaf set hash = sha256('x') where position = 0 and $1::bigint > 0`],
    ['the whole row, which is gone', 'delete from audit_change where id = $1'],
  ])(
    'proves nothing where somebody has changed %s',
    async (_, sql) => {
      const [app, ids] = await sealedApp(3);
      const id = ids[1] ?? '';
      expect(await app.get(AuditEvidence).prove(id)).not.toBeNull();
      await suite.client.query(sql, [id]);
      await expect(app.get(AuditEvidence).prove(id)).rejects.toMatchObject({
        code: 'AUDIT_EVIDENCE_CHANGED',
        message: expect.stringContaining('is not what was sealed'),
      });
    },
    TIMEOUT,
  );

  it('is off where the trail is not sealed', async () => {
    const proofs = suite.app.get(AuditEvidence);
    expect(proofs.isOn).toBe(false);
    const off = { code: 'AUDIT_EVIDENCE_OFF' };
    await expect(proofs.seals(['1'])).rejects.toMatchObject(off);
    await expect(proofs.newestCheckpoint()).rejects.toMatchObject(off);
    await expect(proofs.prove('1')).rejects.toMatchObject(off);
    await expect(textOf(proofs.export('all'))).rejects.toMatchObject(off);
  });

  it(
    'knows the trail by the name of its MikroORM instance, and reads where the transaction of the caller is',
    async () => {
      const [app, ids] = await sealedApp(1);
      const [proofs, id] = [app.get(AuditEvidence), ids[0] ?? ''];
      expect((await proofs.seals([id], { instance: 'default' })).get(id)?.sealed).toBe(true);
      await expect(proofs.seals([id], { instance: 'other' })).rejects.toMatchObject({
        code: 'AUDIT_INVALID_QUERY',
      });
      const health = await sealingHealth(app);
      await app
        .get(MikroORM)
        .em.fork()
        .transactional(async (em) => {
          await em.execute('delete from audit_checkpoint');
          expect(await proofs.newestCheckpoint()).toBeNull();
          throw new Error('roll back');
        })
        .catch(() => undefined);
      expect(health.covered).toBe('1');
      expect(await proofs.newestCheckpoint()).not.toBeNull();
      const { items } = await app.get(AuditReader).changes({ changeId: [id, '999999', id] });
      expect(items.map((change) => change.id)).toEqual([id]);
    },
    TIMEOUT,
  );
});
