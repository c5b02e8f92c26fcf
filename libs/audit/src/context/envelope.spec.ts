import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  EnvelopeExpiredError,
  EnvelopeForgedError,
  EnvelopeOversizedError,
  EnvelopeRefusedError,
  EnvelopeVersionError,
} from '../errors/envelope-errors.js';
import { type Actor, systemActor } from '../model/actor.js';
import type { CurrentContext } from './context-values.js';
import { openEnvelope, sealEnvelope, workerValues } from './envelope.js';

const KEY = 'a secret of thirty-two characters';
const OTHER = 'another secret of 32 characters..';
const NOW = Date.UTC(2026, 0, 1);
const anna: Actor = { type: 'user', id: 'anna', label: 'Anna' };
const boss: Actor = { type: 'user', id: 'boss', label: null };
const context: CurrentContext = {
  actor: anna,
  onBehalfOf: null,
  authenticationMethod: 'password',
  action: 'order.close',
  reason: 'done ü',
  origin: { source: 'http', ip: '::1', userAgent: null, method: 'POST', route: '/x', handler: 'A.b' },
  correlationId: 'c-1',
  traceId: null,
  spanId: null,
  metadata: { a: [1, { b: null }] },
  restoredRevisionId: null,
};
const seal = (values: Partial<CurrentContext> = {}, key = KEY) =>
  sealEnvelope({ ...context, ...values }, key, 60, NOW);

describe('an envelope', () => {
  it('carries the context, without what holds of the actor and the trace alone', () => {
    const { actor, values } = openEnvelope(seal(), [KEY], NOW);
    const { action, reason, origin, correlationId, metadata } = context;
    expect(actor).toEqual(anna);
    expect(values).toEqual({ action, reason, origin, correlationId, metadata });
  });

  it('is small, and is a text that fits into headers', () => {
    expect(seal()).toMatch(/^mikro-audit\.1\.[\w-]+\.[\w-]{43}$/);
    expect(seal().length).toBeLessThan(600);
  });

  it('is accepted under every key there is, and under no other', () => {
    expect(openEnvelope(seal({}, OTHER), [KEY, OTHER], NOW).actor).toEqual(anna);
    expect(() => openEnvelope(seal({}, OTHER), [KEY], NOW)).toThrow(EnvelopeForgedError);
  });

  it('expires to the second', () => {
    expect(openEnvelope(seal(), [KEY], NOW + 59_999).actor).toEqual(anna);
    expect(() => openEnvelope(seal(), [KEY], NOW + 60_000)).toThrow(EnvelopeExpiredError);
  });

  it('is refused for its size before anything is computed', () => {
    expect(() => openEnvelope(`mikro-audit.1.${'x'.repeat(20_000)}`, [KEY], NOW)).toThrow(
      EnvelopeOversizedError,
    );
  });

  it('of another version says so', () => {
    const other = seal().replace('mikro-audit.1', 'mikro-audit.2');
    expect(() => openEnvelope(other, [KEY], NOW)).toThrow(EnvelopeVersionError);
  });

  it.each([[undefined], [null], [7], [{}], [''], ['.'], ['a.b.c'], ['mikro-audit.1'], ['mikro-audit.1..']])(
    'is not %p',
    (value) => {
      expect(() => openEnvelope(value, [KEY], NOW)).toThrow(EnvelopeForgedError);
    },
  );

  it('is refused after any change of any character', () => {
    const envelope = seal();
    const change = fc.record({
      at: fc.nat({ max: envelope.length - 1 }),
      remove: fc.nat({ max: 3 }),
      insert: fc.string({ unit: 'binary', maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let changed = envelope;
        for (const { at, remove, insert } of changes) {
          changed = changed.slice(0, at) + insert + changed.slice(at + remove);
        }
        fc.pre(changed !== envelope);
        expect(() => openEnvelope(changed, [KEY], NOW)).toThrow(EnvelopeRefusedError);
      }),
      { numRuns: 2000 },
    );
    for (let at = 0; at < envelope.length; at++) {
      for (const replaced of ['A', 'B', '_', '=']) {
        const changed = envelope.slice(0, at) + replaced + envelope.slice(at + 1);
        if (changed !== envelope) {
          expect(() => openEnvelope(changed, [KEY], NOW)).toThrow(EnvelopeRefusedError);
        }
      }
    }
  });

  it('can be opened again, whatever is in the context', () => {
    const text = fc.option(fc.string({ unit: 'binary', maxLength: 20_000, size: 'max' }));
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.anything({ withBigInt: true, withDate: true }),
        (reason, action, id, value) => {
          const metadata = { value } as unknown as CurrentContext['metadata'];
          const actor = id === null ? null : ({ type: 'user', id, label: id } as const);
          const envelope = seal({ reason, action, actor, metadata, correlationId: id });
          expect(envelope.length).toBeLessThanOrEqual(16_384);
          expect(openEnvelope(envelope, [KEY], NOW).actor?.type ?? null).toBe(actor?.type ?? null);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('whom a worker acts for', () => {
  const worker = systemActor('worker');

  it.each<[string, Actor | null, Actor | undefined, Actor | undefined]>([
    ['the user', anna, undefined, anna],
    ['the user who acted, not the one that was acted for', anna, boss, anna],
    ['the user behind another worker', systemActor('first'), anna, anna],
    ['a job that acted for itself', systemActor('job'), undefined, systemActor('job')],
    ['nobody', null, undefined, undefined],
  ])('is %s', (_title, actor, onBehalfOf, expected) => {
    const values = onBehalfOf ? { onBehalfOf } : {};
    const { actor: now, onBehalfOf: principal } = workerValues({ actor, values }, worker);
    expect([now, principal]).toEqual([worker, expected]);
  });
});
