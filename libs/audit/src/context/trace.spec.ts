import { describe, expect, it } from '@jest/globals';
import { checkedTraceIds, openTelemetryReader, traceparentIds } from './trace.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const notInstalled = () => Promise.reject(Object.assign(new Error('no'), { code: 'ERR_MODULE_NOT_FOUND' }));

describe('traceparent', () => {
  it('has a trace and a span', () => {
    expect(traceparentIds(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId });
  });

  it.each([
    [undefined],
    [['a']],
    ['x'.repeat(65_536)],
    [`00-${traceId}-${'0'.repeat(16)}-01`],
    [`00-${traceId}\r\n`],
  ])('is not %p', (header) => {
    expect(traceparentIds(header)).toBeNull();
  });
});

describe('ids of a tracer', () => {
  it('are taken only when they are W3C ids', () => {
    expect(checkedTraceIds(traceId, spanId)).toEqual({ traceId, spanId });
    expect(checkedTraceIds('1', '2')).toBeNull();
    expect(checkedTraceIds(undefined, undefined)).toBeNull();
  });
});

describe('OpenTelemetry', () => {
  it('is not needed', async () => {
    expect(await openTelemetryReader(notInstalled)).toBeNull();
  });

  it('that is broken is reported', async () => {
    await expect(openTelemetryReader(() => Promise.reject(new SyntaxError('bad')))).rejects.toThrow('bad');
  });

  it('gives nothing without an active span', async () => {
    const read = await openTelemetryReader();
    expect(read?.()).toBeNull();
  });
});
