import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CurrentContext, completeContext } from './context-values.js';

const ORIGIN = {
  source: 'http',
  ip: '192.0.2.1',
  userAgent: null,
  method: 'GET',
  route: '/',
  handler: null,
} as const;
const text = fc.option(fc.string({ maxLength: 3 }));
const actor = fc.option(fc.record({ type: fc.constant('user' as const), id: fc.string(), label: text }));
const contexts: fc.Arbitrary<CurrentContext> = fc.record({
  actor,
  onBehalfOf: actor,
  authenticationMethod: text,
  action: text,
  reason: text,
  origin: fc.constantFrom(null, ORIGIN),
  correlationId: text,
  traceId: text,
  spanId: text,
  metadata: fc.option(fc.dictionary(fc.string(), fc.string())),
  restoredRevisionId: text,
});

describe('completing a context', () => {
  it('is the same however one groups the flushes, so a savepoint can gather its own', () => {
    fc.assert(
      fc.property(fc.option(contexts), contexts, contexts, (first, second, third) => {
        expect(completeContext(completeContext(first, second), third)).toEqual(
          completeContext(first, completeContext(second, third)),
        );
      }),
    );
  });

  it('keeps what was said first, and the span with its trace', () => {
    fc.assert(
      fc.property(contexts, contexts, (first, second) => {
        const { spanId, ...rest } = completeContext(first, second);
        for (const [key, value] of Object.entries(rest)) {
          const said = first[key as keyof CurrentContext];
          expect(value).toEqual(said === null ? second[key as keyof CurrentContext] : said);
        }
        expect(spanId).toBe((first.traceId === null ? second : first).spanId);
      }),
    );
  });
});
