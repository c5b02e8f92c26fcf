import type { EntityName } from '@mikro-orm/core';
import type { Actor } from '../model/actor.js';
import type { EntityKey, FieldPath, Operation } from '../model/change.js';
import type { Outcome } from '../model/revision.js';

/** The type of `expect.any(Date)`, `expect.stringContaining('x')` and the like, in Jest and in Vitest. */
export interface ValueMatcher {
  asymmetricMatch(other: unknown): boolean;
}

/** An actor by its id, or by some of its members. */
export type ExpectedActor =
  | string
  | ValueMatcher
  | { readonly [Member in keyof Actor]?: Actor[Member] | ValueMatcher };

/** The parts that a change, or an action without changes, must have; a part left out may be anything. */
export interface AuditExpectation<Entity extends object = Record<string, unknown>> {
  /** The class, or one that it extends. */
  readonly entity?: EntityName<Entity>;
  /** The key; needs `entity`. */
  readonly id?: EntityKey;
  readonly operation?: Operation;
  /** Values before and after of some of the properties. Others may have changed, too. */
  readonly changes?: { readonly [Path in FieldPath<Entity>]?: readonly [before: unknown, after: unknown] };
  /** Values before of some of the properties that the change holds. */
  readonly before?: { readonly [Path in FieldPath<Entity>]?: unknown };
  /** Values after of some of the properties that the change holds. */
  readonly after?: { readonly [Path in FieldPath<Entity>]?: unknown };
  readonly actor?: ExpectedActor;
  readonly onBehalfOf?: ExpectedActor | null;
  readonly action?: string | ValueMatcher | null;
  readonly reason?: string | ValueMatcher | null;
  readonly outcome?: Outcome;
  readonly correlationId?: string | ValueMatcher | null;
  /** Some of its members. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}
