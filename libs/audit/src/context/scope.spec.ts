import { describe, expect, it } from '@jest/globals';
import { ActorPendingError, ActorResolutionError } from '../errors/context-errors.js';
import type { Actor } from '../model/actor.js';
import type { ActorResolver } from './actor.js';
import { Execution } from './request/execution.js';
import { ContextScope, runningScope } from './scope.js';

const anna: Actor = { type: 'user', id: 'anna', label: null };

/** A resolver that answers with these one after the other, and counts. */
function resolverOf(...answers: readonly unknown[]) {
  const requests: unknown[] = [];
  const resolver = (({ request }) => {
    const answer = answers[Math.min(requests.push(request), answers.length) - 1];
    if (answer instanceof Error) {
      throw answer;
    }
    return answer as Actor | null;
  }) satisfies ActorResolver;
  return { resolver, requests };
}

describe('the actor of a scope', () => {
  it('is resolved once, from the request bound last', async () => {
    const { resolver, requests } = resolverOf(anna);
    const scope = new ContextScope(undefined, {}, new Execution('http', 'raw'), resolver);
    scope.bind('wrapped');
    expect(await Promise.all([scope.actor(), scope.actor()])).toEqual([anna, anna]);
    expect(await scope.actor()).toEqual(anna);
    expect(requests).toEqual(['wrapped']);
  });

  it('is not resolved before somebody asks for it', () => {
    const { resolver, requests } = resolverOf(anna);
    const scope = new ContextScope(undefined, { reason: 'x' }, undefined, resolver);
    scope.assign({ action: 'y' });
    expect(scope.current()).toMatchObject({ reason: 'x', action: 'y' });
    expect(requests).toEqual([]);
    expect(scope.current().actor).toEqual(anna);
    expect(requests).toHaveLength(1);
  });

  it('is resolved without a promise where the resolver gives none', () => {
    const scope = new ContextScope(undefined, { reason: 'x' }, undefined, resolverOf(anna).resolver);
    expect(scope.resolved()).toMatchObject({ actor: anna, reason: 'x' });
    const waiting = new ContextScope(undefined, {}, undefined, () => Promise.resolve(anna));
    expect(waiting.resolved()).toBeInstanceOf(Promise);
  });

  it('is never taken for nobody before an asynchronous resolver has answered', async () => {
    const scope = new ContextScope(undefined, {}, undefined, () => Promise.resolve(anna));
    expect(scope.current().action).toBeNull();
    expect(() => scope.current().actor).toThrow(ActorPendingError);
    expect(() => scope.current().onBehalfOf).toThrow(ActorPendingError);
    await scope.actor();
    expect(scope.current().actor).toEqual(anna);
  });

  it('is nobody once an asynchronous resolver has said so, until the guards have run', async () => {
    const answers: (Actor | null)[] = [null, anna];
    const resolver = () => Promise.resolve(answers.shift() ?? null);
    const scope = new ContextScope(undefined, {}, new Execution('http', 'raw'), resolver);
    expect(await scope.actor()).toBeNull();
    expect(scope.current().actor).toBeNull();
    scope.reconsiderActor();
    expect(() => scope.current().actor).toThrow(ActorPendingError);
    expect(await scope.actor()).toEqual(anna);
  });

  it('is asked for again when the guards have run, also while the resolver has not answered yet', async () => {
    const answers: Promise<Actor | null>[] = [
      new Promise((resolve) => setImmediate(resolve, null)),
      Promise.resolve(anna),
    ];
    const scope = new ContextScope(undefined, {}, undefined, () => answers.shift() ?? null);
    const early = scope.actor();
    scope.reconsiderActor();
    expect(await scope.actor()).toEqual(anna);
    expect(await early).toBeNull();
    expect(scope.current().actor).toEqual(anna);
  });

  it('is nobody for the resolver itself, which would wait for itself', async () => {
    const seen: unknown[] = [];
    const scope: ContextScope = new ContextScope(undefined, { reason: 'x' }, undefined, async () => {
      await Promise.resolve();
      const asking = runningScope.getStore();
      seen.push(await asking?.resolved(), await new ContextScope(asking, { action: 'sign-up' }).actor());
      return anna;
    });
    expect(await scope.actor()).toEqual(anna);
    expect(seen).toMatchObject([{ actor: null, reason: 'x' }, null]);
  });

  it('is current once it was resolved, in inner scopes too', async () => {
    const scope = new ContextScope(undefined, {}, undefined, resolverOf(anna).resolver);
    const inner = new ContextScope(scope, {});
    expect(await inner.actor()).toEqual(anna);
    expect([scope.current().actor, inner.current().actor]).toEqual([anna, anna]);
  });

  it('is asked for again as long as nobody is known', async () => {
    const { resolver, requests } = resolverOf(null, null, anna);
    const scope = new ContextScope(undefined, {}, undefined, resolver);
    expect(await scope.actor()).toBeNull();
    expect(await scope.actor()).toBeNull();
    expect(await scope.actor()).toEqual(anna);
    expect(await scope.actor()).toEqual(anna);
    expect(requests).toHaveLength(3);
  });

  it('is the given one, and then the resolver is not asked', async () => {
    const { resolver, requests } = resolverOf(anna);
    const given: Actor = { type: 'service', id: 's', label: null };
    const scope = new ContextScope(undefined, {}, undefined, resolver);
    scope.assign({ actor: given });
    expect(await scope.actor()).toEqual(given);
    expect(requests).toEqual([]);
  });

  it('may be one that was assigned after another was resolved', async () => {
    const scope = new ContextScope(undefined, {}, undefined, resolverOf(anna).resolver);
    await scope.actor();
    const given: Actor = { type: 'service', id: 's', label: null };
    scope.assign({ actor: given });
    expect([await scope.actor(), scope.current().actor]).toEqual([given, given]);
  });

  it('lacks nothing when the resolver leaves id and label out', async () => {
    const scope = new ContextScope(undefined, {}, undefined, resolverOf({ type: 'anonymous' }).resolver);
    expect(await scope.actor()).toEqual({ type: 'anonymous', id: null, label: null });
  });

  it('has texts, also where the resolver gives numbers, and nothing else of what it gives', async () => {
    const user = { type: 'user', id: 42, label: 7n, passwordHash: 'canary' };
    const scope = new ContextScope(undefined, {}, undefined, resolverOf(user).resolver);
    expect(await scope.actor()).toEqual({ type: 'user', id: '42', label: '7' });
  });
});

describe('a resolver that fails', () => {
  it.each([
    ['throws', new Error('no database'), /no database/],
    ['returns undefined', undefined, /of the type "undefined"/],
    ['returns a text', 'anna', /of the type "undefined"/],
    [
      'returns another type',
      { type: 'robot', id: '1' },
      /"robot", not one of user, service, system, anonymous/,
    ],
    ['returns an id that is no text', { type: 'user', id: { $oid: '1' } }, /id is no text/],
    ['returns a label that is no text', { type: 'user', id: '1', label: ['a'] }, /label is no text/],
  ])('because it %s is an ActorResolutionError', async (_title, answer, message) => {
    const scope = new ContextScope(undefined, {}, undefined, resolverOf(answer).resolver);
    const error: unknown = await scope.actor().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ActorResolutionError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).cause).toBe(answer instanceof Error ? answer : undefined);
  });

  it('is asked again by the next write', async () => {
    const scope = new ContextScope(undefined, {}, undefined, resolverOf(new Error('once'), anna).resolver);
    await expect(scope.actor()).rejects.toThrow(ActorResolutionError);
    expect(await scope.actor()).toEqual(anna);
  });

  it('may throw what cannot be printed', async () => {
    const hostile = Object.create(null) as object;
    const scope = new ContextScope(undefined, {}, undefined, () => Promise.reject(hostile));
    await expect(scope.actor()).rejects.toThrow(ActorResolutionError);
  });
});
