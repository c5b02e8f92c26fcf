import type { AuditExpectation } from './audit-expectation.js';

/** As much of Jest and of Vitest as matchers need. */
export interface MatcherThis {
  /** Compares as `toEqual` does, matchers for values included. */
  equals(actual: unknown, expected: unknown): boolean;
}

/** The answer of a matcher. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** The matchers of `auditMatchers`, as `expect` of Jest and of Vitest gets them. */
export interface AuditMatchers<Result> {
  /** There is a change, or an action, that has all that is given; without anything given, any. */
  toHaveBeenAudited<Entity extends object = Record<string, unknown>>(
    expected?: AuditExpectation<Entity>,
  ): Result;
  /** These changes and actions are there in this order, and nothing else. */
  toHaveBeenAuditedExactly<Entities extends readonly object[]>(
    ...expected: { readonly [At in keyof Entities]: AuditExpectation<Entities[At]> }
  ): Result;
}

// Apps have one test runner, so the module of the other one is not there. These comments stay in the declarations.

// biome-ignore lint/suspicious/noTsIgnore: Where the module is there, no error is expected.
/** @ts-ignore The `expect` of `@jest/globals`. */
declare module 'expect' {
  // biome-ignore lint/suspicious/noTsIgnore: As above.
  /** @ts-ignore */
  interface Matchers<R extends void | Promise<void>, T = unknown> extends AuditMatchers<R> {}
}

// biome-ignore lint/suspicious/noTsIgnore: As above.
/** @ts-ignore From Vitest 5 on. */
declare module 'vitest' {
  // biome-ignore lint/suspicious/noTsIgnore: As above.
  /** @ts-ignore */
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown>
    extends AuditMatchers<R> {}
}

declare global {
  /** The global `expect` of `@types/jest`, and that of Vitest up to 4. */
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: Declarations that are merged must be alike.
    interface Matchers<R, T = {}> extends AuditMatchers<R> {}
  }
}
