import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import { Case } from '../../support/fixtures/law-firm.js';
import { createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

const [KEY, OLD_KEY, OTHER_KEY] = ['k', 'o', 'x'].map((one) => one.repeat(32)) as [string, string, string];
/** From the reader who has the token, the fee is hidden. */
const BLIND: AuditAccess = { ...EVERYTHING, entities: { case: { within: 'all', hidden: ['fee'] } } };
const REQUEST = { to: { revision: '1' } };

const signature = (text: string, key: string) =>
  createHmac('sha256', key).update('nestjs-mikro-audit restore token\n').update(text).digest('base64url');

describe('the token of a plan', () => {
  let firm: LawFirmApp;

  beforeAll(async () => {
    firm = await createLawFirmApp('express', { options: { restoreKeys: [KEY, OLD_KEY] } });
    const em = firm.orm.em.fork();
    const one = em.create(Case, { tenant: 'a', title: 'First', fee: '873.00' });
    await em.flush();
    one.title = 'Second';
    await em.flush();
  });
  afterAll(() => firm?.close());

  const post = (path: string, body: object) =>
    request(firm.base).post(path).set('x-access', JSON.stringify(BLIND)).send(body);
  const planned = async (): Promise<string> => {
    const { status, body } = await post('/entities/case/1/restore-plan', REQUEST);
    expect(status).toBe(200);
    return body.token;
  };
  const contentOf = (token: string): readonly [object, string, string] =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

  it('is signed with the first key of the deployment', async () => {
    const token = await planned();
    const [prefix, content, signed] = token.split('.');
    expect(signed).toBe(signature(`${prefix}.${content}`, KEY));
    for (const other of ['', OLD_KEY, OTHER_KEY]) {
      expect(signed).not.toBe(signature(`${prefix}.${content}`, other));
    }
  });

  it('says what was asked for, and nothing of what the plan depends on', async () => {
    const [asked, nonce, digest] = contentOf(await planned());
    expect(asked).toEqual({
      kind: 'entity',
      instance: 'default',
      entityType: 'case',
      entityId: '1',
      to: REQUEST.to,
      properties: null,
      withChildren: false,
      accept: [],
      given: [],
    });
    expect([nonce, digest]).toEqual([
      expect.stringMatching(/^[\w-]{22}$/),
      expect.stringMatching(/^[\w-]{43}$/),
    ]);
  });

  it('does not tell whether a hidden value has changed', async () => {
    const [, ...first] = contentOf(await planned());
    const [, ...same] = contentOf(await planned());
    const em = firm.orm.em.fork();
    Object.assign(await em.findOneOrFail(Case, 1), { fee: '874.00' });
    await em.flush();
    const [, ...other] = contentOf(await planned());
    expect(new Set([...first, ...same, ...other]).size).toBe(6);
  });

  it('is taken with a key of before, and not with one of another deployment', async () => {
    const [prefix, content] = (await planned()).split('.');
    const signedWith = (key: string) => `${prefix}.${content}.${signature(`${prefix}.${content}`, key)}`;
    const foreign = await post('/entities/case/1/restore', { token: signedWith(OTHER_KEY) });
    expect([foreign.status, foreign.body.parameter]).toEqual([400, 'token']);
    // Its digest is one of the key of today.
    const former = await post('/entities/case/1/restore', { token: signedWith(OLD_KEY) });
    expect(former.status).toBe(409);
    expect((await post('/entities/case/1/restore', { token: signedWith(KEY) })).status).toBe(200);
  });
});
