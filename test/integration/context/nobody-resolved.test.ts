import { describe, expect, it } from '@jest/globals';
import { APP_FILTER } from '@nestjs/core';
import { type Actor, auditPolicy, type ResolvedActor, systemActor } from 'nestjs-mikro-audit';
import { AuditExceptionFilter } from 'nestjs-mikro-audit/http';
import request from 'supertest';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Contract, Note, Notes, NotesModule } from './notes.module.js';

const BOOM = () => {
  throw new Error('S3CR3T: no connection');
};

/** Answers of a resolver that name nobody, and how the request ends. */
const NOBODIES: readonly (readonly [title: string, answer: () => unknown, status: 403 | 500])[] = [
  ['null', () => null, 403],
  ['a user without an id', () => ({ type: 'user', id: null, label: null }), 403],
  ['a user without anything', () => ({ type: 'user' }), 403],
  ['a user with an empty id', () => ({ type: 'user', id: '', label: '' }), 403],
  ['a user with an id that nobody sees', () => ({ type: 'user', id: '\u200b\t', label: null }), 403],
  ['a service without an id', () => ({ type: 'service', id: null, label: 'S' }), 403],
  ['a system without an id', () => ({ type: 'system', id: null, label: null }), 403],
  ['an anonymous visitor', () => ({ type: 'anonymous', id: null, label: null }), 403],
  ['an anonymous visitor with an id', () => ({ type: 'anonymous', id: 'session', label: null }), 403],
  ['the unknown actor', () => ({ type: 'unknown', id: null, label: null }), 403],
  ['later nobody', async () => null, 403],
  ['later a user without an id', async () => ({ type: 'user', id: '', label: null }), 403],
  // Nobody knows what the resolver meant, so it is no answer at all.
  ['nothing', () => undefined, 500],
  ['a text', () => 'boss', 500],
  ['a number', () => 5, 500],
  ['a list', () => [], 500],
  ['an object without members', () => ({}), 500],
  ['another type', () => ({ type: 'root', id: '1', label: null }), 500],
  ['an id that is an object', () => ({ type: 'user', id: { a: 1 }, label: null }), 500],
  ['an id that is not a number', () => ({ type: 'user', id: Number.NaN, label: null }), 500],
  ['an error', BOOM, 500],
  ['an error later', async () => BOOM(), 500],
  ['an id that fails', () => Object.defineProperty({ type: 'user', label: null }, 'id', { get: BOOM }), 500],
];

describe('requireActor, where a resolver says who acts', () => {
  let resolve: () => unknown;
  const audited = useAuditedApp({
    entities: [Note, Contract],
    imports: [NotesModule],
    providers: [{ provide: APP_FILTER, useClass: AuditExceptionFilter }],
    options: {
      policies: [auditPolicy(Note), auditPolicy(Contract)],
      requireActor: true,
      reasonFrom: { header: 'x-reason' },
      envelope: { keys: ['a key for envelopes, of 32 characters'], worker: systemActor('importer') },
      resolveActor: () => resolve() as ResolvedActor | null,
    },
  });
  const write = () =>
    request(audited.app.getHttpServer() as never)
      .post('/notes')
      .set('x-reason', 'because')
      .send({ text: 'x' });
  const written = async () => (await audited.reader.changes()).items.length;

  it.each(NOBODIES)('is not met by %s', async (_, answer, status) => {
    resolve = answer;
    const before = await written();
    const response = await write();
    expect([response.status, await written()]).toEqual([status, before]);
    expect(response.text).not.toContain('S3CR3T');
  });

  it('is met by somebody', async () => {
    resolve = () => ({ type: 'user', id: 7, label: null });
    const before = await written();
    expect((await write()).status).toBe(201);
    expect(await written()).toBe(before + 1);
  });

  it.each<[unknown]>([
    [{ type: 'user', id: '', label: null }],
    [{ type: 'anonymous', id: null, label: null }],
    [{ type: 'unknown', id: null, label: null }],
    ['boss'],
    [{}],
  ])('is not met by %j beside an envelope, nor by whom one names', async (nobody) => {
    const { context } = audited;
    const actor = nobody as Actor;
    const values = { reason: 'x' };
    const notes = audited.app.get(Notes);
    const envelope = await context.run({ actor, ...values }, () => context.toEnvelope());
    await expect(context.runWithEnvelope(envelope, () => notes.write('x'), { actor })).rejects.toMatchObject({
      code: 'AUDIT_ACTOR_MISSING',
    });
    // The worker is somebody. That it acts for nobody is not made up.
    await context.runWithEnvelope(envelope, () => notes.write('x'), values);
    const [change] = (await audited.reader.changes({ limit: 1 })).items;
    expect(change?.revision.actor).toMatchObject({ type: 'system', id: 'importer' });
    expect(['unknown', 'anonymous', undefined]).toContain(change?.revision.onBehalfOf?.type);
  });
});
