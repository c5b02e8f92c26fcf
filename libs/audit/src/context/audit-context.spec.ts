import { describe, expect, it } from '@jest/globals';
import { NoAuditContextError } from '../errors/context-errors.js';
import { type Actor, systemActor, UNKNOWN_ACTOR } from '../model/actor.js';
import { AuditContext } from './audit-context.js';

const context = new AuditContext();
const anna: Actor = { type: 'user', id: 'anna', label: 'Anna' };

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('AuditContext', () => {
  it('is null outside, and has no actor there', async () => {
    expect(context.current()).toBeNull();
    expect(await context.actor()).toBeNull();
  });

  it('gives the values of run, and null for what was not given', () => {
    context.run({ actor: anna, reason: 'because', origin: { source: 'job' } }, () => {
      expect(context.current()).toEqual({
        actor: anna,
        onBehalfOf: null,
        authenticationMethod: null,
        action: null,
        reason: 'because',
        origin: { source: 'job', ip: null, userAgent: null, method: null, route: null, handler: null },
        correlationId: null,
        traceId: null,
        spanId: null,
        metadata: null,
        restoredRevisionId: null,
      });
    });
  });

  it('returns what the function returns and ends with it', async () => {
    expect(context.run({ reason: 'x' }, () => 7)).toBe(7);
    expect(context.current()).toBeNull();
    expect(await context.run({ reason: 'x' }, () => Promise.resolve(8))).toBe(8);
    expect(context.current()).toBeNull();
  });

  it('ends when the function throws or rejects', async () => {
    const failure = new Error('x');
    expect(() =>
      context.run({ reason: 'x' }, () => {
        throw failure;
      }),
    ).toThrow(failure);
    expect(context.current()).toBeNull();
    await expect(context.run({ reason: 'x' }, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(context.current()).toBeNull();
  });

  it('overrides the outer context key by key, and only inside', () => {
    context.run(
      { actor: anna, reason: 'outer', metadata: { a: 1, b: 1 }, origin: { source: 'http' } },
      () => {
        context.run({ reason: 'inner', metadata: { b: 2 }, origin: { ip: '::1' } }, () => {
          expect(context.current()).toMatchObject({
            actor: anna,
            reason: 'inner',
            metadata: { a: 1, b: 2 },
            origin: { source: 'http', ip: '::1' },
          });
        });
        expect(context.current()).toMatchObject({ reason: 'outer', metadata: { a: 1, b: 1 } });
      },
    );
  });

  it('takes what is given as undefined for not given', () => {
    const values = { actor: undefined, reason: undefined } as unknown as { reason: string };
    context.run({ actor: anna, reason: 'outer' }, () =>
      context.run(values, () => {
        expect(context.current()).toMatchObject({ actor: anna, reason: 'outer' });
      }),
    );
  });

  it('follows promises, timers and ticks', async () => {
    const reasons: unknown[] = [];
    const note = () => reasons.push(context.current()?.reason);
    await context.run({ reason: 'x' }, async () => {
      await Promise.resolve();
      note();
      await tick();
      note();
      await new Promise<void>((resolve) =>
        setTimeout(() => {
          note();
          resolve();
        }),
      );
      await new Promise<void>((resolve) =>
        process.nextTick(() => {
          note();
          resolve();
        }),
      );
    });
    expect(reasons).toEqual(['x', 'x', 'x', 'x']);
  });

  it('never mixes what runs in parallel', async () => {
    const seen = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        context.run({ reason: `${index}` }, async () => {
          await tick();
          context.assign({ action: `action ${index}` });
          await tick();
          return context.run({ correlationId: `${index}` }, async () => {
            await tick();
            const { reason, action, correlationId } = context.current() ?? {};
            return [reason, action, correlationId];
          });
        }),
      ),
    );
    expect(seen).toEqual(seen.map((_, index) => [`${index}`, `action ${index}`, `${index}`]));
  });

  it('assigns to the running context only, for as long as it runs', () => {
    context.run({ reason: 'outer' }, () => {
      context.run({}, () => {
        context.assign({ reason: 'assigned', metadata: { a: 1 } });
        context.assign({ metadata: { b: 2 } });
        expect(context.current()).toMatchObject({ reason: 'assigned', metadata: { a: 1, b: 2 } });
      });
      expect(context.current()).toMatchObject({ reason: 'outer', metadata: null });
    });
  });

  it('refuses to assign outside any context, and says what to do', () => {
    expect(() => context.assign({ reason: 'x' })).toThrow(NoAuditContextError);
    expect(() => context.assign({ reason: 'x' })).toThrow(/AUDIT_NO_CONTEXT.*AuditContext\.run/);
  });

  it('gives the actor of the nearest context that has one', async () => {
    await context.run({ actor: anna }, async () => {
      expect(await context.actor()).toEqual(anna);
      await context.run({ reason: 'x' }, async () => expect(await context.actor()).toEqual(anna));
      await context.run({ actor: systemActor('job') }, async () =>
        expect(await context.actor()).toEqual({ type: 'system', id: 'job', label: null }),
      );
    });
  });
});

describe('the actors that come with the library', () => {
  it('are frozen', () => {
    expect(Object.isFrozen(UNKNOWN_ACTOR)).toBe(true);
    expect(UNKNOWN_ACTOR).toEqual({ type: 'unknown', id: null, label: null });
    const system = systemActor('nightly', 'The night job');
    expect(Object.isFrozen(system)).toBe(true);
    expect(system).toEqual({ type: 'system', id: 'nightly', label: 'The night job' });
  });
});
