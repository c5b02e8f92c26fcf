import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyRecord } from 'nestjs-mikro-audit';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { seal } from '../../support/sequenced.js';
import { evidence, MemoryPublisher, newKey, trustIn } from '../evidence/sealing-app.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';
import { readsOf } from './read-records.js';
import { writeTwoTenants } from './two-tenants.js';

const KEY = newKey();
const TRUST = trustIn(KEY);
const OF_A = { within: { metadata: { tenant: 'a' } } };
const TENANT: AuditAccess = {
  permissions: ['list', 'history', 'values', 'export'],
  entities: { case: OF_A, client: OF_A, note: OF_A },
};

interface ChangeId {
  readonly id: string;
  readonly entityType: string;
}

describe.each(ADAPTERS)('proofs on %s', (adapter) => {
  const publisher = new MemoryPublisher();
  let firm: LawFirmApp;
  let foreign: readonly string[];

  beforeAll(async () => {
    publisher.notes.length = 0;
    firm = await createLawFirmApp(adapter, { options: { evidence: evidence([KEY], publisher) } });
    foreign = await writeTwoTenants(firm);
    await seal(firm.app);
  });
  afterAll(() => firm?.close());

  /** Changes that a reader finds, the oldest first. */
  const changesOf = async (query: string, access = EVERYTHING): Promise<readonly ChangeId[]> =>
    (await firm.get(`/changes?order=oldest&${query}`, access)).body.items;

  const changeOf = async (query: string, access = EVERYTHING): Promise<string> =>
    (await changesOf(query, access))[0]?.id ?? '';

  it('hands out the newest checkpoint as it was published', async () => {
    const { headers, text } = await firm.download('/checkpoint', {
      permissions: ['list'],
      entities: { case: { within: 'all' } },
    });
    expect(text).toBe(publisher.notes.at(-1));
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('hands out a file that proves a change, and the record that opens it', async () => {
    const id = await changeOf('entity=case');
    const proof = await firm.download(`/changes/${id}/proof`);
    expect(proof.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(proof.headers.get('content-disposition')).toBe(`attachment; filename="change-${id}.tlog-proof"`);
    expect(proof.headers.get('cache-control')).toBe('no-store');
    const record = await firm.download(`/changes/${id}/record`);
    expect(record.headers.get('content-disposition')).toBe(`attachment; filename="change-${id}.record.json"`);
    const { leaf, erased } = verifyRecord(proof.text, record.text, TRUST);
    expect(erased).toEqual([]);
    expect(JSON.parse(leaf).row).toMatchObject({ id, entityType: 'case', operation: 'create' });
    expect(JSON.parse(record.text).row).toMatchObject({ after: { title: 'Secret of a', tenant: 'a' } });
    // Of values, and of who it is about, a proof has commitments.
    expect(leaf).not.toMatch(/Secret of a|7311|"entityId":"1"/);
  });

  it('shows of a revision and of each of its changes how they are sealed, with one statement more', async () => {
    const [revision = ''] = foreign;
    firm.statements.take();
    const { body } = await firm.get(`/revisions/${revision}`);
    const sent = firm.statements.take().filter((sql) => /unnest\(\$1::bigint\[\]\) asked/.test(sql));
    expect(sent).toHaveLength(1);
    const seal = (position: number) => ({
      position,
      sealed: true,
      checkpoint: { size: expect.any(Number), publishedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    });
    expect(body.seal).toEqual(body.changes[0].seal);
    for (const [at, change] of body.changes.entries()) {
      expect(change.seal).toEqual(seal(body.seal.position + at));
      expect(change.seal.checkpoint.size).toBeGreaterThan(change.seal.position);
    }
    const page = await firm.get(`/revisions/${revision}/changes?limit=2`);
    expect(page.body.items.map((one: { readonly seal: unknown }) => one.seal)).toEqual(
      body.changes.slice(0, 2).map((one: { readonly seal: unknown }) => one.seal),
    );
  });

  it('proves to readers what they may see, and nothing else', async () => {
    const own = await changesOf('limit=50', TENANT);
    expect(own.length).toBeGreaterThan(3);
    for (const { id } of own) {
      const { text } = await firm.download(`/changes/${id}/proof`, TENANT);
      expect(JSON.parse(verifyRecord(text, null, TRUST).leaf).row.id).toBe(id);
    }
    const seen = new Set(own.map(({ id }) => id));
    const others = (await changesOf('limit=50')).filter(({ id }) => !seen.has(id));
    expect(others.length).toBeGreaterThan(5);
    const nothing = await firm.get('/changes/999999/proof', TENANT).expect(404);
    for (const { id } of others) {
      for (const file of ['proof', 'record']) {
        const { status, body } = await firm.get(`/changes/${id}/${file}`, TENANT);
        expect([id, file, status, body]).toEqual([id, file, 404, nothing.body]);
      }
    }
    await firm
      .get(`/changes/${own[0]?.id}/proof`, { ...TENANT, permissions: ['list', 'export'] })
      .expect(403);
  });

  it('gives the record to nobody from whom something of it is hidden', async () => {
    const id = await changeOf('entity=case');
    const readers: readonly (readonly [AuditAccess, number])[] = [
      [EVERYTHING, 200],
      // Its labels name a topic, which this reader may not see.
      [TENANT, 403],
      [{ ...TENANT, entities: { ...TENANT.entities, topic: { within: 'all' } } }, 200],
      [{ ...EVERYTHING, permissions: ['list', 'history', 'values'] }, 403],
      [{ ...EVERYTHING, permissions: ['list', 'history', 'export'] }, 403],
      [
        { ...EVERYTHING, entities: { '*': { within: 'all' }, case: { within: 'all', hidden: ['fee'] } } },
        403,
      ],
      // Its labels are made of a value that is hidden elsewhere.
      [
        { ...EVERYTHING, entities: { '*': { within: 'all' }, client: { within: 'all', hidden: ['name'] } } },
        403,
      ],
      [
        { ...EVERYTHING, entities: { '*': { within: 'all' }, note: { within: 'all', hidden: ['text'] } } },
        200,
      ],
      [
        {
          ...EVERYTHING,
          entities: {
            '*': { within: 'all' },
            case: { within: 'all', permissions: ['list', 'history', 'values'] },
          },
        },
        404,
      ],
    ];
    for (const [access, status] of readers) {
      const response = await firm.get(`/changes/${id}/record`, access);
      expect([access, response.status]).toEqual([access, status]);
      expect([access, response.text.includes('7311')]).toEqual([access, status === 200]);
    }
    await firm.get(`/changes/${await changeOf('entity=client')}/record`, TENANT).expect(200);
    // The proof has nothing that is hidden.
    const blind: AuditAccess = { permissions: ['history'], entities: { case: { within: 'all' } } };
    const { text } = await firm.download(`/changes/${id}/proof`, blind);
    expect(verifyRecord(text, null, TRUST).leaf).not.toMatch(/Secret|7311/);
  });

  it('proves an action without changes to who may see it, and records who asked', async () => {
    await firm.get('/changes/999999/proof').expect(404);
    await firm.get(`/changes/${await changeOf('entity=note')}/proof`).expect(200);
    await seal(firm.app);
    const reads = await readsOf(firm);
    const last = reads.filter(({ action }) => action === 'audit.proof').at(-1);
    expect(last).toMatchObject({
      outcome: 'success',
      metadata: { trailRead: { revisionId: expect.any(String) } },
    });
    const { text } = await firm.download(`/changes/${last?.id}/proof`);
    expect(JSON.parse(verifyRecord(text, null, TRUST).leaf).row).toMatchObject({ action: 'audit.proof' });
    await firm.get(`/changes/${last?.id}/proof`, TENANT).expect(404);
    await firm.get(`/changes/${last?.id}/record`).expect(404);
  });

  it('refuses what is no id, and what no checkpoint covers yet', async () => {
    const { body: wrong } = await firm.get('/changes/one/proof').expect(400);
    expect(wrong.parameter).toBe('id');
    await firm.context.run({ metadata: { tenant: 'a' } }, () => writeTwoTenants(firm));
    const [newest] = (await firm.get('/changes?entity=case&limit=1')).body.items;
    const { body } = await firm.get(`/changes/${newest.id}/proof`).expect(409);
    expect(body).toMatchObject({ code: 'AUDIT_EVIDENCE_NOT_COVERED', title: 'Conflict' });
    const { body: revision } = await firm.get(`/revisions/${newest.revision.id}`);
    expect(revision.seal).toEqual({ position: null, sealed: false, checkpoint: null });
    await seal(firm.app);
    await firm.get(`/changes/${newest.id}/proof`).expect(200);
  });

  it('says so where a row was edited after it was sealed', async () => {
    const id = await changeOf('entity=client');
    await firm.orm.em
      .fork()
      .execute(`update audit_change set after = jsonb_set(after, '{name}', '"Eve"') where id = ?`, [id]);
    for (const file of ['proof', 'record']) {
      const { body } = await firm.get(`/changes/${id}/${file}`).expect(409);
      expect(body).toMatchObject({
        code: 'AUDIT_EVIDENCE_CHANGED',
        detail: expect.stringContaining(`change ${id}`),
      });
      expect(JSON.stringify(body)).not.toContain('Eve');
    }
  });
});

describe('where the trail is not sealed', () => {
  let firm: LawFirmApp;
  beforeAll(async () => {
    firm = await createLawFirmApp('express');
    await writeTwoTenants(firm);
  });
  afterAll(() => firm?.close());

  it('there are no proofs, and nothing is shown or asked of seals', async () => {
    for (const path of ['/checkpoint', '/changes/1/proof', '/changes/1/record']) {
      const { body } = await firm.get(path).expect(404);
      expect(body.code).toBe('AUDIT_EVIDENCE_OFF');
    }
    firm.statements.take();
    const { text } = await firm.get('/revisions/1').expect(200);
    expect(text).not.toContain('"seal":{');
    expect(firm.statements.take().filter((sql) => /audit_leaf|audit_checkpoint/.test(sql))).toEqual([]);
  });
});
