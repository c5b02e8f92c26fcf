import { beforeAll, describe, expect, it } from '@jest/globals';
import { context as otelContext, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { AuditContext, AuditMetrics, AuditRecorder, systemActor } from 'nestjs-mikro-audit';
import { Contract, Notes } from './notes.module.js';
import { useNotes } from './use-notes.js';

const { audited, post, revisionOf, trail } = useNotes();
let notes: Notes;
let recorder: AuditRecorder;
let metrics: AuditMetrics;

beforeAll(async () => {
  [notes, recorder, metrics] = [
    audited.app.get(Notes),
    audited.app.get(AuditRecorder),
    audited.app.get(AuditMetrics),
  ];
  await audited.app.listen(0, '127.0.0.1');
});

describe('requireActor', () => {
  it('refuses the flush before any SQL, and counts it', async () => {
    const before = metrics.counts();
    await expect(audited.context.run({ reason: 'x' }, () => notes.write('x'))).rejects.toMatchObject({
      code: 'AUDIT_ACTOR_MISSING',
      data: { subject: 'A change of Note' },
    });
    expect(audited.statements.take()).toEqual([]);
    expect(metrics.counts().refused).toBe(before.refused + 1);
    expect(await trail()).toEqual([]);
  });

  it('may be different for one entity, whose revisions are counted as unattributed', async () => {
    const before = metrics.counts();
    const em = audited.orm.em.fork();
    em.create(Contract, { text: 'x' });
    await audited.context.run({ reason: 'x' }, () => em.flush());
    expect(metrics.counts()).toMatchObject({
      revisions: before.revisions + 1,
      unattributed: before.unattributed + 1,
    });
  });

  it('accepts any known actor', async () => {
    const id = await audited.context.run({ actor: systemActor('job'), reason: 'x' }, () => notes.write('x'));
    expect((await revisionOf(id))?.actor).toEqual(systemActor('job'));
  });
});

describe('a resolver', () => {
  it('may name on whose behalf and how, which holds for that actor only', async () => {
    const { body } = await post({ 'x-user': 'anna', 'x-audit-reason': 'r' }).expect(201);
    expect(await revisionOf(body.id)).toMatchObject({
      actor: { type: 'user', id: 'anna', label: null },
      onBehalfOf: { type: 'user', id: 'boss', label: null },
      authenticationMethod: 'token',
      outcome: 'success',
    });
    const values = { actor: systemActor('job'), reason: 'x' };
    const id = await audited.context.run({ authenticationMethod: 'password' }, () =>
      audited.context.run(values, () => notes.write('x')),
    );
    expect(await revisionOf(id)).toMatchObject({ authenticationMethod: null, onBehalfOf: null });
  });
});

describe('a required reason', () => {
  it('refuses the flush in the action before any SQL', async () => {
    await expect(
      audited.context.run({ actor: systemActor('job'), reason: '  ' }, () => notes.write('x')),
    ).rejects.toMatchObject({
      code: 'AUDIT_REASON_MISSING',
      data: { subject: 'The action note.write' },
    });
    expect(audited.statements.take()).toEqual([]);
  });

  it('of an entity refuses the flush, too', async () => {
    const em = audited.orm.em.fork();
    em.create(Contract, { text: 'x' });
    await expect(em.flush()).rejects.toMatchObject({ code: 'AUDIT_REASON_MISSING' });
    expect(audited.statements.take()).toEqual([]);
  });

  it('of an entity is not asked for when only ignored properties change', async () => {
    const em = audited.orm.em.fork();
    const contract = em.create(Contract, { text: 'x' });
    await audited.context.run({ reason: 'x' }, () => em.flush());
    contract.draft = 'y';
    await em.flush();
    contract.text = 'y';
    await expect(em.flush()).rejects.toMatchObject({ code: 'AUDIT_REASON_MISSING' });
    expect(await trail()).toHaveLength(1);
  });

  it.each<[string, Record<string, string>, object, string]>([
    ['a header', { 'x-audit-reason': 'by header' }, {}, 'by header'],
    ['the body', { 'x-audit-reason': 'by header' }, { reason: 'by body' }, 'by body'],
  ])('may come from %s', async (_title, headers, body, reason) => {
    const response = await post({ 'x-user': 'anna', ...headers }, body).expect(201);
    expect(await revisionOf(response.body.id)).toMatchObject({ action: 'note.write', reason });
  });

  it('that the client does not send stops the request', async () => {
    await post({ 'x-user': 'anna' }).expect(500);
    expect(audited.statements.take()).toEqual([]);
  });
});

describe('AuditRecorder', () => {
  it('records an action without changes, with the running context', async () => {
    const id = await audited.context.run({ actor: systemActor('job'), reason: 'r', metadata: { a: 1 } }, () =>
      recorder.record({ action: 'report.export', metadata: { rows: 7 } }),
    );
    expect(audited.statements.take()).toHaveLength(1);
    expect(await audited.reader.revision(id)).toMatchObject({
      actor: systemActor('job'),
      action: 'report.export',
      outcome: 'success',
      reason: 'r',
      metadata: { a: 1, rows: 7 },
      changes: [],
    });
  });

  it('records failed and denied actions, which outlive the rollback of the surrounding transaction', async () => {
    const em = audited.orm.em.fork();
    await expect(
      em.transactional(async (inner) => {
        inner.create(Contract, { text: 'x' });
        await audited.context.run({ reason: 'r' }, () => inner.flush());
        await recorder.record({ action: 'contract.sign', outcome: 'failure' });
        await recorder.record({ action: 'contract.cancel', outcome: 'denied' });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await trail()).toMatchObject([
      { action: 'contract.sign', outcome: 'failure', actor_type: 'unknown' },
      { action: 'contract.cancel', outcome: 'denied', actor_type: 'unknown' },
    ]);
  });

  it('may write in the running transaction, and is then rolled back with it', async () => {
    const em = audited.orm.em.fork();
    const actor = systemActor('job');
    await em.transactional((inner) => recorder.record({ action: 'kept', actor }, { em: inner }));
    await expect(
      em.transactional(async (inner) => {
        await recorder.record({ action: 'lost', actor }, { em: inner });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await trail()).toMatchObject([{ action: 'kept' }]);
  });

  it('refuses an EntityManager without a transaction, and a success without an actor', async () => {
    const em = audited.orm.em.fork();
    await expect(recorder.record({ action: 'x' }, { em })).rejects.toMatchObject({
      code: 'AUDIT_TRANSACTION_REQUIRED',
    });
    await expect(recorder.record({ action: 'x' })).rejects.toMatchObject({ code: 'AUDIT_ACTOR_MISSING' });
    expect(await trail()).toEqual([]);
  });
});

describe('a context that goes to another process', () => {
  it('continues with the worker as actor, on behalf of the user', async () => {
    const envelope = await audited.context.run(
      {
        actor: { type: 'user', id: 'anna', label: 'Anna' },
        reason: 'r',
        correlationId: 'c-1',
        origin: { source: 'http', route: '/x' },
      },
      () => audited.context.toEnvelope(),
    );
    const id = await audited.context.run({ actor: systemActor('other'), metadata: { foreign: true } }, () =>
      audited.context.runWithEnvelope(envelope, () => notes.write('x'), { origin: { source: 'queue' } }),
    );
    expect(await revisionOf(id)).toMatchObject({
      actor: systemActor('importer'),
      onBehalfOf: { type: 'user', id: 'anna', label: 'Anna' },
      authenticationMethod: null,
      reason: 'r',
      correlationId: 'c-1',
      origin: { source: 'queue', route: '/x' },
      metadata: null,
    });
  });

  it('does not run anything for a forged one', () => {
    let ran = false;
    const restore = () =>
      audited.context.runWithEnvelope('mikro-audit.1.e30.e30', () => {
        ran = true;
      });
    expect(restore).toThrow(/AUDIT_ENVELOPE_FORGED/);
    expect(ran).toBe(false);
  });

  it('names what is missing: keys, or a context', async () => {
    await expect(audited.context.toEnvelope()).rejects.toMatchObject({ code: 'AUDIT_NO_CONTEXT' });
    const bare = new AuditContext();
    await expect(bare.toEnvelope()).rejects.toThrow(/AUDIT_CONFIGURATION.*envelope: \{ keys/);
    expect(() => bare.runWithEnvelope('x', () => 1)).toThrow(/AUDIT_CONFIGURATION/);
  });
});

describe('a trace', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const user = { 'x-user': 'anna', 'x-audit-reason': 'r' };

  it('is that of traceparent, when nothing traces here', async () => {
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
    const { body } = await post({ ...user, traceparent }).expect(201);
    expect(await revisionOf(body.id)).toMatchObject({ traceId, spanId: '00f067aa0ba902b7' });
  });

  it('is that of the active span of OpenTelemetry', async () => {
    otelContext.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    try {
      const spanContext = { traceId, spanId: '1111111111111111', traceFlags: 1 };
      const active = trace.setSpanContext(otelContext.active(), spanContext);
      const id = await otelContext.with(active, () =>
        audited.context.run({ actor: systemActor('job'), reason: 'r' }, () => notes.write('x')),
      );
      expect(await revisionOf(id)).toMatchObject({ traceId, spanId: '1111111111111111' });
    } finally {
      otelContext.disable();
    }
  });
});
