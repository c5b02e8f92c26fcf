import { describe, expect, it } from '@jest/globals';
import { correlationIdOf, httpRequestOf, ipOf, routePatternOf, userAgentOf } from './origin.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

describe('correlationIdOf', () => {
  it.each(['a', 'req-1', '01H8ZK:a/b.c_d+e=f@g', 'x'.repeat(128)])('takes x-request-id %s', (id) => {
    expect(correlationIdOf({ 'x-request-id': id })).toBe(id);
  });

  it.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['one that is too long', 'x'.repeat(129)],
    ['one with spaces', 'a b'],
    ['one with a line break', 'a\nb'],
    ['one with a line break at the end', 'a\n'],
    ['one with markup', '<script>'],
    ['one that is not ASCII', 'ä'],
    ['one with NUL', 'a\u0000'],
    ['several', ['a', 'b'] as unknown as string],
  ])('makes an id for %s', (_title, id) => {
    const headers = id === undefined ? {} : { 'x-request-id': id };
    expect(correlationIdOf(headers)).toMatch(UUID);
    expect(correlationIdOf(headers)).not.toBe(correlationIdOf(headers));
  });

  it('takes the trace id of traceparent', () => {
    expect(correlationIdOf({ traceparent: `00-${TRACE}-00f067aa0ba902b7-01` })).toBe(TRACE);
    expect(correlationIdOf({ traceparent: `00-${TRACE}-00f067aa0ba902b7-01`, 'x-request-id': '' })).toBe(
      TRACE,
    );
  });

  it('prefers x-request-id', () => {
    expect(correlationIdOf({ 'x-request-id': 'mine', traceparent: `00-${TRACE}-00f067aa0ba902b7-01` })).toBe(
      'mine',
    );
  });

  it.each([
    ['upper case', `00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`],
    ['a short trace id', `00-${TRACE.slice(1)}-00f067aa0ba902b7-01`],
    ['only a trace id', TRACE],
    ['the trace id of zeros, which is invalid', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['the forbidden version', `ff-${TRACE}-00f067aa0ba902b7-01`],
    ['something after it', `00-${TRACE}-00f067aa0ba902b7-01${'x'.repeat(5000)}`],
  ])('does not take a traceparent with %s', (_title, traceparent) => {
    expect(correlationIdOf({ traceparent })).toMatch(UUID);
  });
});

describe('ipOf', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::1', '::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('%s is %s', (address, ip) => {
    expect(ipOf({ headers: {}, ip: address })).toBe(ip);
    expect(ipOf({ headers: {}, socket: { remoteAddress: address } })).toBe(ip);
  });

  it.each(['', 'unknown', '10.0.0.1, 10.0.0.2', '10.0.0', "'; drop table", '::ffff:hello'])(
    'is null for %p, which is no address',
    (address) => {
      expect(ipOf({ headers: {}, ip: address })).toBeNull();
    },
  );

  it('is null when there is none', () => {
    expect(ipOf({ headers: {} })).toBeNull();
    expect(ipOf({ headers: {}, socket: {} })).toBeNull();
  });

  it('does not believe x-forwarded-for by itself', () => {
    expect(ipOf({ headers: { 'x-forwarded-for': '6.6.6.6' }, socket: { remoteAddress: '10.0.0.1' } })).toBe(
      '10.0.0.1',
    );
  });
});

describe('userAgentOf', () => {
  it('is null when there is none', () => {
    expect(userAgentOf({})).toBeNull();
  });

  it('keeps an ordinary one', () => {
    expect(userAgentOf({ 'user-agent': 'curl/8.5 (x86_64; ü)' })).toBe('curl/8.5 (x86_64; ü)');
  });

  it('is at most 512 characters long and never ends in half a character', () => {
    expect(userAgentOf({ 'user-agent': 'x'.repeat(100_000) })).toHaveLength(512);
    const cut = userAgentOf({ 'user-agent': `${'x'.repeat(511)}💥` });
    expect(cut?.isWellFormed()).toBe(true);
  });

  it('has no control and no bidirectional characters', () => {
    expect(userAgentOf({ 'user-agent': 'a\u0000b\u001b[31mc\u202Ed\u2028e\r\nf' })).toBe('a b [31mc d e  f');
  });
});

describe('routePatternOf', () => {
  it.each([
    [{ route: { path: '/a/:id' } }, '/a/:id'],
    [{ routeOptions: { url: '/b/:id' } }, '/b/:id'],
    [{ route: { path: /x/ } }, null],
    [{}, null],
  ])('of %p is %p', (request, pattern) => {
    expect(routePatternOf(request)).toBe(pattern);
  });
});

describe('httpRequestOf', () => {
  const http = { headers: {}, method: 'GET' };

  it('is the request, or the one that opened the socket', () => {
    expect([httpRequestOf(http), httpRequestOf({ request: http })]).toEqual([http, http]);
  });

  it.each([{ headers: {} }, { request: { headers: {} } }, 'GET', null, undefined])(
    'is null for %p',
    (value) => {
      expect(httpRequestOf(value)).toBeNull();
    },
  );
});
