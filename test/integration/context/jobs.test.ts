import { describe, expect, it } from '@jest/globals';
import { type ContextValues, systemActor } from 'nestjs-mikro-audit';
import { orderEntities, Tag } from '../../support/fixtures/orders.js';
import { ordersOracle } from '../../support/fixtures/orders.oracle.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const audited = useAuditedApp({ entities: orderEntities, oracle: ordersOracle });

/** Writes a tag in this context and returns its revision. */
async function revisionIn(values: ContextValues) {
  const em = audited.orm.em.fork();
  const tag = em.create(Tag, { name: 'x' });
  await audited.context.run(values, () => em.flush());
  const { items } = await audited.reader.history(Tag, tag.id, { details: true });
  await audited.oracle.verify();
  return items[0]?.revision;
}

describe('a change made outside any request', () => {
  it('has the unknown actor and no origin without any context', async () => {
    const em = audited.orm.em.fork();
    const tag = em.create(Tag, { name: 'x' });
    await em.flush();
    const { items } = await audited.reader.history(Tag, tag.id, { details: true });
    expect(items[0]?.revision).toMatchObject({
      actor: { type: 'unknown', id: null, label: null },
      onBehalfOf: null,
      action: null,
      reason: null,
      origin: null,
      correlationId: null,
      metadata: null,
    });
  });

  it('has the values given to AuditContext.run, and returns them unchanged', async () => {
    const values = {
      actor: systemActor('nightly-billing', 'The billing job'),
      onBehalfOf: { type: 'user', id: '7', label: 'Anna' } as const,
      action: 'invoice.approve',
      reason: 'dunning, "second" reminder; drop table audit_change; -- 💥',
      origin: { source: 'job' },
      correlationId: 'run-42',
      metadata: { batch: 7, list: [1, null, { deep: true }], $tag: 'x', text: 'ü' },
    };
    expect(await revisionIn(values)).toMatchObject({
      ...values,
      origin: { source: 'job', ip: null, userAgent: null, method: null, route: null, handler: null },
    });
  });

  it('takes the context of the flush, also when the transaction ends outside it', async () => {
    const em = audited.orm.em.fork();
    await em.begin();
    const tag = em.create(Tag, { name: 'x' });
    await audited.context.run({ actor: systemActor('inside'), reason: 'r' }, () => em.flush());
    await audited.context.run({ actor: systemActor('outside'), action: 'a' }, () => em.commit());
    const { items } = await audited.reader.history(Tag, tag.id, { details: true });
    expect(items[0]?.revision).toMatchObject({ actor: { id: 'inside' }, reason: 'r', action: 'a' });
  });
});

describe('a hostile context never makes a write fail or loses it', () => {
  const hostileText = 'a\u0000b\ud800c\udc00d';
  const safeText = 'a\u2400b\ufffdc\ufffdd';

  it.each<[string, ContextValues, object]>([
    ['action', { action: hostileText }, { action: safeText }],
    ['reason', { reason: hostileText }, { reason: safeText }],
    ['correlation id', { correlationId: hostileText }, { correlationId: safeText }],
    [
      'actor',
      { actor: { type: 'user', id: hostileText, label: hostileText } },
      { actor: { id: safeText, label: safeText } },
    ],
    [
      'onBehalfOf',
      { onBehalfOf: { type: 'user', id: hostileText, label: null } },
      { onBehalfOf: { id: safeText } },
    ],
    [
      'origin',
      { origin: { source: hostileText, userAgent: hostileText } },
      { origin: { source: safeText, userAgent: safeText } },
    ],
    [
      'metadata',
      { metadata: { [hostileText]: [hostileText, { deep: hostileText }] } },
      { metadata: { [safeText]: [safeText, { deep: safeText }] } },
    ],
  ])('with NUL and lone surrogates in %s', async (_title, values, expected) => {
    expect(await revisionIn(values)).toMatchObject(expected);
  });

  it.each<[string, ContextValues]>([
    ['an actor id', { actor: { type: 'user', id: randomText(100_000), label: randomText(100_000) } }],
    ['a reason', { reason: randomText(1_000_000) }],
    [
      'metadata',
      { metadata: { text: randomText(1_000_000), list: Array.from({ length: 100_000 }, () => 1) } },
    ],
  ])('with %s that is far too long, which is cut and says so', async (_title, values) => {
    const revision = await revisionIn(values);
    const text = JSON.stringify(revision);
    expect(text).toContain('…');
    expect(text.length).toBeLessThan(200_000);
  });

  it.each<[string, unknown]>([
    ['bigints and dates', { big: 1n, at: new Date(0) }],
    ['a cycle', cycle()],
    [
      'a getter that throws',
      {
        get no(): never {
          throw new Error('no');
        },
      },
    ],
  ])('with metadata of %s', async (_title, metadata) => {
    expect(await revisionIn({ metadata } as ContextValues)).toMatchObject({ metadata: expect.any(Object) });
  });

  it.each<[string, unknown]>([
    ['a type that does not exist', { type: 'robot', id: '1' }],
    ['no type', { id: '1' }],
    ['a number as id', { type: 'user', id: 1 }],
  ])('with an actor that has %s', async (_title, actor) => {
    expect(await revisionIn({ actor } as ContextValues)).toMatchObject({ actor: { id: '1' } });
  });
});

function cycle(): object {
  const value: Record<string, unknown> = { a: 1 };
  value.self = [value, value];
  return value;
}

/** Text that the database cannot compress. */
function randomText(length: number): string {
  let seed = 1;
  return Array.from({ length }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return String.fromCharCode(0x4e00 + (seed % 20_000));
  }).join('');
}
