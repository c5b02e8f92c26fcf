import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditAccess, ExportManifest } from 'nestjs-mikro-audit/http';
import { Case, Topic } from '../../support/fixtures/law-firm.js';
import { createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

/** More than a batch, with changes in between. */
const ACTIONS = `insert into audit_change (recorded_at, actor_type, actor_id, action, outcome, correlation_id)
select now() + interval '1 second' * (g - 800), 'user', 'u' || g % 3, 'report.print',
  case when g % 7 = 0 then 'denied' else 'success' end, 'c' || g % 2
from generate_series(1, 700) g`;

const QUERIES = [
  '',
  'order=oldest',
  'outcome=denied',
  'outcome=failure',
  'actor=user:u1',
  'onBehalfOf=user:nobody',
  'action=report.print',
  'action=report.print&outcome=denied&order=oldest',
  'action=audit.history',
  'action=audit.suspend',
  'correlationId=c1&order=oldest',
  'entity=case',
  'entity=case&actor=system:seed',
  'text=Kiel',
  'from=2000-01-01T00:00:00Z&until=2999-01-01T00:00:00Z',
];

describe('an export', () => {
  let firm: LawFirmApp;

  beforeAll(async () => {
    firm = await createLawFirmApp('fastify');
    const em = firm.orm.em.fork();
    await em.getConnection().execute(ACTIONS);
    for (let round = 0; round < 3; round += 1) {
      await firm.context.run({ actor: { type: 'system', id: 'seed', label: null } }, async () => {
        em.create(Case, { tenant: 'a', title: `Case ${round}`, place: { city: 'Kiel', street: 'Am Kai' } });
        em.create(Topic, { name: `topic ${round}` });
        await em.flush();
      });
    }
    await firm.context.withoutAuditing({ reason: 'import' }, async () => undefined);
    await firm.get('/entities/topic/1/history');
    await firm.get('/entities/topic/1/history', {
      permissions: ['history'],
      entities: { case: { within: 'all' } },
    });
  });
  afterAll(() => firm?.close());

  const listed = async (query: string, access?: AuditAccess): Promise<readonly string[]> => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await firm.get(`/revisions?limit=500&${query}${page}`, access);
      ids.push(...body.items.map(({ id }: { readonly id: string }) => id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    return ids;
  };
  const exported = async (query: string, access?: AuditAccess) => {
    const { text } = await firm.download(`/export?${query}`, access);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { manifest } = lines.pop() as { readonly manifest: ExportManifest };
    const ids = lines.map(({ id, revision }) => id ?? revision.id);
    expect(new Set(ids).size).toBe(ids.length);
    return { manifest, lines, revisions: [...new Set<string>(lines.map(({ revision }) => revision.id))] };
  };

  it.each(QUERIES)('has every revision that the list shows (%s)', async (query) => {
    const shown = await listed(query);
    const { manifest, lines, revisions } = await exported(query);
    expect(revisions.toSorted()).toEqual(shown.toSorted());
    expect(manifest.actions).toBe(lines.filter(({ entityType }) => entityType === undefined).length);
    expect(manifest.count + manifest.actions).toBe(lines.length);
    const { text: csv } = await firm.download(`/export?format=csv&${query}`);
    const rows = csv.trimEnd().split('\r\n').slice(1);
    expect([...new Set(rows.map((row) => row.split(',')[0]))].toSorted()).toEqual(shown.toSorted());
  });

  it('says what was asked, and what was left out for lack of rights', async () => {
    const whole = await exported('action=report.print');
    expect(whole.manifest).toMatchObject({ query: { action: ['report.print'] }, leftOut: [], actions: 700 });
    const limited: AuditAccess = {
      ...EVERYTHING,
      entities: { case: { within: { metadata: { tenant: 'a' } }, hidden: ['title'] } },
    };
    const { manifest } = await exported('', limited);
    expect(manifest.leftOut).toEqual(['entities', 'rows', 'values', 'actions', 'trail-reads']);
    expect(manifest.actions).toBe(0);
  });

  it('shows properties as they are declared, the members of an embeddable together', async () => {
    const { body } = await firm.get('/changes?entity=case&limit=1');
    const [{ fields, revision }] = body.items;
    const paths = fields.map(({ path }: { readonly path: string }) => path);
    expect(paths).toEqual([
      'id',
      'tenant',
      'title',
      'fee',
      'total',
      'dueAt',
      'seal',
      'account',
      'extra',
      'place.street',
      'place.city',
      'client',
    ]);
    const id = body.items[0].entityId;
    const blame = (await firm.get(`/entities/case/${id}/blame`)).body.properties;
    expect(blame.map(({ path }: { readonly path: string }) => path)).toEqual([...paths, 'topics']);
    const whole = (await firm.get(`/revisions/${revision.id}`)).body;
    expect(whole.changes).toHaveLength(2);
    const read = (await firm.get('/revisions?action=audit.search&limit=1')).body.items[0];
    expect(Object.keys(read.origin)).toEqual(['source', 'ip', 'userAgent', 'method', 'route', 'handler']);
  });
});
