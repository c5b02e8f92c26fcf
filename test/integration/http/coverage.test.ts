import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditAccess, CoverageView } from 'nestjs-mikro-audit/http';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

const READER: AuditAccess = {
  permissions: ['list', 'history', 'values', 'export', 'restore'],
  entities: { '*': { within: 'all' } },
};
/** May see it of all entities but one, and of a part of another one. */
const OF_SOME: AuditAccess = {
  ...EVERYTHING,
  entities: {
    '*': { within: 'all' },
    note: { within: 'all', permissions: ['list', 'history'] },
    client: { within: { metadata: { tenant: 'a' } } },
  },
};

describe.each(ADAPTERS)('the coverage on %s', (adapter) => {
  let firm: LawFirmApp;
  beforeAll(async () => {
    firm = await createLawFirmApp(adapter);
    await firm.orm.em.fork().execute('drop index audit_change_type_idx');
  });
  afterAll(() => firm?.close());

  it('is closed to whoever has not its own permission', async () => {
    const response = await firm.get('/coverage', READER);
    expect([response.status, response.body.code]).toEqual([403, 'AUDIT_HTTP_403']);
    expect((await firm.get('/coverage', null)).status).toBe(401);
    expect((await firm.get('/coverage?entity=case')).status).toBe(400);
  });

  it('tells what is audited, what the doctor finds and how large the trail is, and is recorded', async () => {
    const { status, body } = await firm.get('/coverage');
    const { entities, findings, unaudited, checks, trails }: CoverageView = body;
    expect(status).toBe(200);
    expect(entities.map(({ entityType }) => entityType)).toEqual(
      expect.arrayContaining(['case', 'note', 'client']),
    );
    const ofCase = entities.find(({ entityType }) => entityType === 'case');
    expect(ofCase).toMatchObject({ otherWrites: 'unnoticed', withoutTriggers: null, instance: 'default' });
    expect(ofCase?.properties).toContainEqual({ path: 'title', fate: 'recorded', mask: null });
    expect(findings).toContainEqual({
      code: 'index-missing',
      severity: 'error',
      entityType: null,
      subject: 'audit_change_type_idx',
      message: expect.any(String),
      remedy: expect.any(String),
    });
    expect({ unaudited, checks, trails }).toMatchObject({ checks: [], trails: [{ instance: 'default' }] });
    expect((await firm.reader.revisions({ action: 'audit.coverage' })).items.length).toBeGreaterThan(0);
  });

  it('is found out once for all who ask at a time', async () => {
    firm.statements.take();
    const answers = await Promise.all(
      [EVERYTHING, OF_SOME, EVERYTHING].map((access) => firm.get('/coverage', access)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const looks = firm.statements.take().filter((sql) => sql.includes(`current_setting('server_version')`));
    expect(looks.length).toBeLessThan(2);
  });

  it('tells a reader of some entities of those only, and nothing of the database', async () => {
    const { body }: { readonly body: CoverageView } = await firm.get('/coverage', OF_SOME);
    const types = body.entities.map(({ entityType }) => entityType);
    expect(types).toContain('case');
    expect(types).not.toEqual(expect.arrayContaining(['note']));
    expect(types).not.toEqual(expect.arrayContaining(['client']));
    expect(body).toMatchObject({ unaudited: null, checks: null, trails: null });
    expect(body.findings.filter(({ entityType }) => !types.includes(String(entityType)))).toEqual([]);
  });
});
