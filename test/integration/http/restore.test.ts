import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Post } from '@nestjs/common';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import { Case } from '../../support/fixtures/law-firm.js';
import { ADAPTERS, createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

@Controller('orders')
class OrdersController {
  @Post()
  order(@Body() body: object): object {
    return body;
  }
}

describe.each(ADAPTERS)('restoring on %s', (adapter) => {
  let firm: LawFirmApp;
  let base: string;
  let id: number;
  let first: string;

  const post = (path: string, body: object, access: AuditAccess | null = EVERYTHING) => {
    const test = request(base).post(path);
    return (access === null ? test : test.set('x-access', JSON.stringify(access))).send(body);
  };
  const titleNow = async () => (await firm.orm.em.fork().findOne(Case, id))?.title;

  beforeAll(async () => {
    firm = await createLawFirmApp(adapter, { controllers: [OrdersController] });
    base = `${await firm.app.getUrl()}/audit`;
  });
  afterAll(() => firm?.close());
  beforeEach(async () => {
    const em = firm.orm.em.fork();
    const one = em.create(Case, { tenant: 'a', title: 'Right', fee: '1.00' });
    await firm.context.run({ metadata: { tenant: 'a' } }, () => em.flush());
    one.title = 'Wrong';
    one.fee = '2.00';
    await firm.context.run({ metadata: { tenant: 'a' } }, () => em.flush());
    id = one.id;
    const { items } = await firm.reader.history(Case, id);
    first = items.at(-1)?.revision.id ?? '';
  });

  it('shows a plan, and carries it out with the reason', async () => {
    const plan = await post(`/entities/case/${id}/restore-plan`, {
      to: { revision: first },
      property: ['title'],
    });
    expect(plan.status).toBe(200);
    expect(plan.body).toMatchObject({
      steps: [
        {
          entityType: 'case',
          entityId: String(id),
          operation: 'update',
          values: [{ path: 'title', before: 'Wrong', after: 'Right' }],
        },
      ],
      blocked: false,
      token: expect.any(String),
    });
    const done = await post(`/entities/case/${id}/restore`, {
      token: plan.body.token,
      reason: 'Clerical error',
    });
    expect([done.status, await titleNow()]).toEqual([200, 'Right']);
    const { body: revision } = await firm.get(`/revisions/${done.body.revisionId}`);
    expect(revision).toMatchObject({ restoredRevisionId: first, reason: 'Clerical error' });
    await firm.oracle.verify();
  });

  it('undoes a revision, and brings back what was deleted', async () => {
    const { items } = await firm.reader.history(Case, id);
    const undo = await post(`/revisions/${items[0]?.revision.id}/undo-plan`, {});
    await post(`/revisions/${items[0]?.revision.id}/undo`, { token: undo.body.token }).expect(200);
    expect(await titleNow()).toBe('Right');
    const em = firm.orm.em.fork();
    await em.remove(await em.findOneOrFail(Case, id)).flush();
    const undelete = await post(`/entities/case/${id}/restore-plan`, {});
    await post(`/entities/case/${id}/restore`, { token: undelete.body.token }).expect(200);
    expect(await titleNow()).toBe('Right');
    await firm.oracle.verify();
  });

  it('is refused when anything has changed since the plan', async () => {
    const plan = await post(`/entities/case/${id}/restore-plan`, { to: { revision: first } });
    const em = firm.orm.em.fork();
    (await em.findOneOrFail(Case, id)).title = 'Third';
    await em.flush();
    const late = await post(`/entities/case/${id}/restore`, { token: plan.body.token });
    expect([late.status, late.body.code, await titleNow()]).toEqual([409, 'AUDIT_RESTORE_STALE', 'Third']);
  });

  it('rejects tokens of other entities or revisions, and invented ones', async () => {
    const { body } = await post(`/entities/case/${id}/restore-plan`, { to: { revision: first } });
    for (const [path, token] of [
      [`/entities/case/${id - 1}/restore`, body.token],
      [`/entities/salary/${id}/restore`, body.token],
      [`/revisions/${first}/undo`, body.token],
      [`/entities/case/${id}/restore`, 'made-up'],
      [`/entities/case/${id}/restore`, undefined],
    ]) {
      const answer = await post(path, { token });
      expect([path, answer.status, answer.body.parameter]).toEqual([path, 400, 'token']);
    }
    expect(await titleNow()).toBe('Wrong');
  });

  it.each([
    [{ to: { revision: 'x' } }, 'to'],
    [{ to: { at: 'x' } }, 'to'],
    [{ to: 'yesterday' }, 'to'],
    [{ to: { at: '2027-01-01T00:00:00Z', revision: '1' } }, 'to'],
    [{ too: {} }, 'too'],
    [{ accept: ['everything'] }, 'accept'],
    [{ withChildren: 'yes' }, 'withChildren'],
    [{ property: 'title' }, 'property'],
    [[], 'body'],
  ])('says what is wrong with %j', async (body, parameter) => {
    const answer = await post(`/entities/case/${id}/restore-plan`, body);
    expect([answer.status, answer.headers['content-type'], answer.body.parameter]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
      parameter,
    ]);
  });

  it.each(['{"token":', '{"to":{"revision":"1"}', 'nothing'])(
    'says of a body that is no JSON that it is none: %s',
    async (text) => {
      for (const path of [`/entities/case/${id}/restore-plan`, '/revisions/1/undo']) {
        const answer = await request(base)
          .post(path)
          .set('x-access', JSON.stringify(EVERYTHING))
          .set('content-type', 'application/json')
          .send(text);
        expect([answer.status, answer.headers['content-type'], answer.body.parameter]).toEqual([
          400,
          'application/problem+json; charset=utf-8',
          'body',
        ]);
      }
    },
  );

  it('leaves the answers of the app to such bodies as they are', async () => {
    const answer = await request(await firm.app.getUrl())
      .post('/orders')
      .set('content-type', 'application/json')
      .send('{"token":');
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.objectContaining({ statusCode: 400, message: expect.stringMatching(/JSON/) }),
    ]);
  });

  it('takes nothing that a form of another site could send', async () => {
    const { body } = await post(`/entities/case/${id}/restore-plan`, { to: { revision: first } });
    for (const type of [
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await request(base)
        .post(`/entities/case/${id}/restore`)
        .set('x-access', JSON.stringify(EVERYTHING))
        .set('content-type', type)
        .send(`token=${body.token}`);
      expect(answer.status).toBe(415);
    }
    expect(await titleNow()).toBe('Wrong');
  });

  it('is open to permitted readers only, within the values they may see', async () => {
    const { body } = await post(`/entities/case/${id}/restore-plan`, { to: { revision: first } });
    const others: readonly (readonly [AuditAccess | null, number])[] = [
      [null, 401],
      [{ permissions: ['list', 'history', 'values', 'export'], entities: { '*': { within: 'all' } } }, 403],
      [{ permissions: ['restore'], entities: { case: { within: 'all' } } }, 403],
      [{ permissions: ['restore', 'values', 'history'], entities: { salary: { within: 'all' } } }, 403],
    ];
    const foreign: AuditAccess = {
      permissions: ['restore', 'values', 'history'],
      entities: { case: { within: { metadata: { tenant: 'b' } } } },
    };
    for (const [access, status] of others) {
      expect(
        (await post(`/entities/case/${id}/restore-plan`, { to: { revision: first } }, access)).status,
      ).toBe(status);
      expect((await post(`/entities/case/${id}/restore`, { token: body.token }, access)).status).toBe(status);
    }
    expect(
      (await post(`/entities/case/${id}/restore-plan`, { to: { revision: first } }, foreign)).status,
    ).toBe(404);
    expect((await post(`/revisions/${first}/undo-plan`, {}, foreign)).status).toBe(404);
    expect((await post(`/entities/case/${id}/restore`, { token: body.token }, foreign)).status).toBe(403);
    expect(await titleNow()).toBe('Wrong');
    const blind: AuditAccess = { ...EVERYTHING, entities: { case: { within: 'all', hidden: ['fee'] } } };
    const plan = await post(`/entities/case/${id}/restore-plan`, { to: { revision: first } }, blind);
    expect(plan.body.steps[0].values).toEqual([
      { path: 'title', before: 'Wrong', after: 'Right', labels: {} },
    ]);
    expect(plan.body.conflicts).toContainEqual(
      expect.objectContaining({ path: 'fee', reason: 'hidden', becomes: 'unchanged', severity: 'notice' }),
    );
  });
});
