import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { EMPTY, firstValueFrom, Observable, of, switchMap, timer } from 'rxjs';
import { AuditContext } from '../audit-context.js';
import { actionOf } from '../request/execution.js';
import { AuditAction } from './audit-action.js';

const context = new AuditContext();
const action = () => context.current()?.action ?? null;
const note: MethodDecorator = (_target, _key, descriptor) =>
  Reflect.defineMetadata('route', '/x', descriptor.value as object);

class Jobs {
  name = 'jobs';

  @AuditAction('sync')
  sync(suffix: string) {
    return `${this.name} ${action()} ${suffix}`;
  }

  @AuditAction('async')
  async wait() {
    await new Promise((resolve) => setImmediate(resolve));
    return action();
  }

  @AuditAction('stream')
  stream() {
    return timer(1).pipe(switchMap(() => of(action())));
  }

  @AuditAction('outer')
  async nested() {
    return [action(), await this.wait(), action()];
  }

  @AuditAction('fails')
  fail() {
    throw new Error(`in ${action()}`);
  }

  @AuditAction('strict', { requireReason: true })
  strict() {
    return [context.needsReason(), context.run({ reason: 'inner' }, () => context.needsReason())];
  }

  @AuditAction('static')
  static make() {
    return action();
  }

  @AuditAction('handled')
  @note
  handle(_id: number) {
    return action();
  }
}

const jobs = new Jobs();

describe('@AuditAction()', () => {
  it('names what runs in a method, with its own this and arguments, and ends with it', async () => {
    expect(jobs.sync('!')).toBe('jobs sync !');
    expect(await jobs.wait()).toBe('async');
    expect(Jobs.make()).toBe('static');
    expect(() => jobs.fail()).toThrow('in fails');
    expect(context.current()).toBeNull();
  });

  it('holds in the Observable that a method returns, each time it is subscribed to', async () => {
    const stream = jobs.stream();
    expect(await firstValueFrom(stream)).toBe('stream');
    expect(await firstValueFrom(stream)).toBe('stream');
  });

  it('gives way to the action of a method inside', async () => {
    expect(await jobs.nested()).toEqual(['outer', 'async', 'outer']);
  });

  it('keeps the rest of the context', () => {
    context.run({ reason: 'r', action: 'around' }, () => {
      jobs.sync('');
      expect(context.current()).toMatchObject({ reason: 'r', action: 'around' });
    });
  });

  it('says that a reason is required inside, and not beside', () => {
    expect(jobs.strict()).toEqual(['strict', 'strict']);
    expect(context.needsReason()).toBeNull();
  });

  it('keeps the name, the length and what other decorators have put on the method', () => {
    const { handle } = Jobs.prototype;
    expect([handle.name, handle.length, actionOf(handle)]).toEqual(['handle', 1, 'handled']);
    expect(Reflect.getMetadata('route', handle)).toBe('/x');
    expect(actionOf(Jobs)).toBeNull();
  });

  it('works as a TC39 decorator', () => {
    const replaced = AuditAction('tc39')(() => action(), {
      kind: 'method',
      name: 'x',
    }) as unknown as () => unknown;
    expect(replaced()).toBe('tc39');
  });

  it('leaves results that only look like Observables alone', () => {
    expect(EMPTY).toBeInstanceOf(Observable);
    expect(jobs.sync('x')).toEqual(expect.any(String));
  });

  it.each([
    ['a class', () => AuditAction('x')(class {}, undefined as never)],
    ['a property', () => AuditAction('x')({}, 'name')],
    ['a getter', () => AuditAction('x')({}, 'name', { get: () => 1 })],
    ['a TC39 field', () => AuditAction('x')(undefined as never, { kind: 'field', name: 'x' })],
    ['an empty action', () => AuditAction('')],
    ['an unknown option', () => AuditAction('x', { requireResaon: true } as object)],
    ['an impossible value', () => AuditAction('x', { requireReason: 'required' } as never)],
  ])('is refused for %s', (_title, decorate) => {
    expect(decorate).toThrow(/AUDIT_CONFIGURATION/);
  });
});
