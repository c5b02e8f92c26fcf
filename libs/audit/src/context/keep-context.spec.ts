import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { Subject } from 'rxjs';
import { keepContext } from './keep-context.js';

const storage = new AsyncLocalStorage<string>();

describe('keepContext', () => {
  it('runs what follows in the context of each subscriber, whoever emits', () => {
    const shared = new Subject<number>();
    const seen: string[] = [];
    const note = (event: string) => seen.push(`${event} in ${storage.getStore()}`);
    for (const name of ['a', 'b']) {
      storage.run(name, () =>
        shared.pipe(keepContext()).subscribe({
          next: (value) => note(`${name}: ${value}`),
          complete: () => note(`${name}: end`),
        }),
      );
    }
    storage.run('emitter', () => {
      shared.next(1);
      shared.complete();
    });
    expect(seen).toEqual(['a: 1 in a', 'b: 1 in b', 'a: end in a', 'b: end in b']);
  });

  it('passes errors on in the context too, and unsubscribes', () => {
    const source = new Subject<number>();
    let seen: unknown;
    storage.run('a', () =>
      source.pipe(keepContext()).subscribe({
        error: (error: Error) => {
          seen = `${error.message} in ${storage.getStore()}`;
        },
      }),
    );
    const left = source.pipe(keepContext()).subscribe();
    left.unsubscribe();
    source.error(new Error('no'));
    expect([seen, source.observed]).toEqual(['no in a', false]);
  });
});
