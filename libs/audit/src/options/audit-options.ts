import type { ActorResolver } from '../context/actor-resolver.js';
import type { AuditPolicy } from '../policy/policy-declaration.js';

/** Options of `AuditModule.forRoot()`. */
export interface AuditModuleOptions {
  /**
   * Tells who acts, from the request; once per request and only when something audited is written.
   * @default `request.user` with `id` or `sub`, and `name` or `email`
   */
  readonly actor?: ActorResolver;
  /**
   * Policies of entities that carry no decorators.
   * @default none
   */
  readonly policies?: readonly AuditPolicy[];
  /**
   * Largest size of one value in the trail, in bytes of its JSON; what is larger is cut and says so. Larger values
   * keep the trail replayable, smaller ones keep it small.
   * @default 65536
   */
  readonly maxValueBytes?: number;
  /**
   * Key of the `hash` mask, at least 16 characters, kept outside the database. Changing it makes equal values
   * look different from then on.
   * @default none; `hash` masks are then refused at boot
   */
  readonly hashKey?: string;
  /**
   * Changes that one transaction may hold in memory before they are written. A larger number merges more changes of
   * one entity into one row and uses more memory; each time it is reached costs one statement.
   * @default 10000
   */
  readonly maxBufferedChanges?: number;
  /**
   * Send the audit statement and the COMMIT together, which saves a network round trip per transaction. Needs
   * `driverOptions: { pipeline: true }` in the MikroORM configuration, and that rules out cursors (`em.stream()`) and
   * COPY on its connections. A stale update or delete of an entity that another transaction has deleted then fails
   * with AuditWriteError, instead of leaving no change.
   * @default false
   */
  readonly sendWithCommit?: boolean;
}

/** The options with their defaults, checked and frozen. */
export interface ResolvedAuditOptions {
  readonly actor: ActorResolver;
  readonly policies: readonly AuditPolicy[];
  readonly maxValueBytes: number;
  /** Null when none is configured. */
  readonly hashKey: string | null;
  readonly maxBufferedChanges: number;
  readonly sendWithCommit: boolean;
}

/** Injection token of the resolved options. */
export const RESOLVED_OPTIONS = Symbol('nestjs-mikro-audit:resolved-options');
