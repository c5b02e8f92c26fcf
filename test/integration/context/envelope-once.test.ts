import { describe, expect, it } from '@jest/globals';
import { AuditContext, auditPolicy, EnvelopeUsedError, systemActor } from 'nestjs-mikro-audit';
import { createAuditedApp } from '../../support/audited-app.js';
import { Note } from './notes.module.js';
import { useNotes } from './use-notes.js';

const ANNA = { type: 'user', id: 'anna', label: 'Anna' } as const;

describe('an envelope that can be used once', () => {
  const { audited, trail } = useNotes();
  const sealed = (metadata: object = {}) =>
    audited.context.run({ actor: ANNA, correlationId: 'c-1', metadata: { ...metadata } }, () =>
      audited.context.toEnvelope(),
    );
  const open = <Result>(envelope: string, work: () => Promise<Result> | Result) =>
    audited.context.runWithEnvelopeOnce(envelope, work, { origin: { source: 'queue' } });

  it('continues its context, and is refused from then on, which the trail tells', async () => {
    const envelope = await sealed();
    expect(await open(envelope, () => audited.context.current()?.onBehalfOf)).toEqual(ANNA);
    let ran = false;
    const again = open(envelope, () => {
      ran = true;
    });
    await expect(again).rejects.toThrow(EnvelopeUsedError);
    expect(ran).toBe(false);
    const use = {
      action: 'audit.open-envelope',
      actor_id: 'importer',
      on_behalf_of: ANNA,
      correlation_id: 'c-1',
      origin: { source: 'queue' },
    };
    expect(await trail()).toMatchObject([
      { ...use, outcome: 'success' },
      { ...use, outcome: 'denied' },
    ]);
  });

  it('is used by one of many who have it at the same time', async () => {
    const envelope = await sealed();
    let runs = 0;
    const tries = Array.from({ length: 8 }, () =>
      open(envelope, () => {
        runs += 1;
      }),
    );
    const settled = await Promise.allSettled(tries);
    expect([runs, settled.filter(({ status }) => status === 'fulfilled').length]).toEqual([1, 1]);
  });

  it('can be used again after its work has failed, as a queue does, but not after it was done then', async () => {
    const envelope = await sealed();
    const failing = async () => {
      throw new Error('out of stock');
    };
    await expect(open(envelope, failing)).rejects.toThrow('out of stock');
    await expect(open(envelope, failing)).rejects.toThrow('out of stock');
    expect(await open(envelope, () => 'done')).toBe('done');
    await expect(open(envelope, () => 'twice')).rejects.toMatchObject({ code: 'AUDIT_ENVELOPE_USED' });
    expect((await trail()).map(({ outcome }) => outcome)).toEqual([
      'success',
      'failure',
      'success',
      'failure',
      'success',
      'denied',
    ]);
  });

  it('is used while its work runs, and not by another one of the same request', async () => {
    const [one, other] = [await sealed(), await sealed()];
    await open(one, async () => {
      await expect(open(one, () => 'inside')).rejects.toThrow(EnvelopeUsedError);
      expect(await open(other, () => 'other')).toBe('other');
    });
  });

  it('is known whatever else it carries, and whatever its work says of itself', async () => {
    const envelope = await sealed({ envelope: 'mine', large: 'x'.repeat(20_000) });
    const use = (correlationId: string) =>
      audited.context.runWithEnvelopeOnce(envelope, () => 1, {
        correlationId,
        metadata: { envelope: correlationId },
      });
    expect(await use('first')).toBe(1);
    await expect(use('second')).rejects.toThrow(EnvelopeUsedError);
  });

  it('does not run anything that cannot be recorded, or for a forged one', async () => {
    let ran = false;
    const work = () => {
      ran = true;
    };
    await expect(open('mikro-audit.1.e30.e30', work)).rejects.toMatchObject({
      code: 'AUDIT_ENVELOPE_FORGED',
    });
    const envelope = await sealed();
    await audited.orm.em.getConnection().execute('alter table audit_change rename to elsewhere');
    await expect(open(envelope, work)).rejects.toMatchObject({ code: 'AUDIT_WRITE_FAILED' });
    await audited.orm.em.getConnection().execute('alter table elsewhere rename to audit_change');
    expect(ran).toBe(false);
    await expect(new AuditContext().runWithEnvelopeOnce(envelope, work)).rejects.toMatchObject({
      code: 'AUDIT_CONFIGURATION',
    });
  });
});

describe('the option envelope.once', () => {
  it('leaves no other way to open an envelope', async () => {
    const keys = ['a key for envelopes, of 32 characters'];
    const audited = await createAuditedApp({
      entities: [Note],
      options: { policies: [auditPolicy(Note)], envelope: { keys, once: true } },
    });
    try {
      const { context } = audited;
      const envelope = await context.run({ actor: systemActor('job') }, () => context.toEnvelope());
      expect(() => context.runWithEnvelope(envelope, () => 1)).toThrow(
        /AUDIT_CONFIGURATION.*runWithEnvelopeOnce/,
      );
      expect(await context.runWithEnvelopeOnce(envelope, () => context.current()?.correlationId)).toMatch(
        /^[\w-]{22}$/,
      );
      await expect(context.runWithEnvelopeOnce(envelope, () => 1)).rejects.toThrow(EnvelopeUsedError);
    } finally {
      await audited.close();
    }
  });
});
