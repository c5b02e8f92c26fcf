import type { ActorResolver } from '../context/actor.js';
import type { HiddenNames } from '../context/hidden-names.js';
import type { ReasonFields, ReasonReader } from '../context/request/reason.js';
import type { EvidenceOptions } from '../evidence/seal/evidence-options.js';
import type { Actor } from '../model/actor.js';
import type { AuditPolicy, UnrecordedWriteRule } from '../policy/policy-declaration.js';
import type { SecretOptions } from '../serialize/json/secret-scan.js';

/** Options of `AuditModule.forRoot()`. */
export interface AuditModuleOptions {
  /**
   * Finds the actor of a request: called once per request, and only when something audited is written.
   * @default `request.user` with `id` or `sub`, and `name` or `email` as its label, unless an audited entity masks or ignores
   *   a property of that name
   */
  readonly resolveActor?: ActorResolver;
  /**
   * Policies of entities that carry no decorators.
   * @default none
   */
  readonly policies?: readonly AuditPolicy[];
  /**
   * Which values are masked besides those that policies say, and what is hidden in reasons, labels and metadata.
   * @default by the names of properties and of keys in JSON, and URLs with credentials
   */
  readonly secrets?: SecretOptions;
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
  /**
   * Where `AuditReader` and `AuditHttpModule` read the trail, unless the caller is in a transaction: `replica` is one of the
   * `replicas` of the MikroORM configuration. The newest writes may not be there yet, see `AuditReader.replicatedUntil`.
   * Restores are always planned from the primary.
   * @default 'primary'
   */
  readonly readFrom?: 'primary' | 'replica';
  /**
   * Whether this app gives changes their positions in the order of their commits, on a connection of its own. Of all processes that
   * do, one works and the others stand by. With false it has to be `mikro-audit sequence` somewhere: without any, the feed refuses to answer.
   * @default true
   */
  readonly sequencer?: boolean;
  /**
   * Seals the trail: whoever gives the positions adds each row to a Merkle tree, signs checkpoints of it and publishes them.
   * Where `sequencer: false` leaves that to another process, it needs the same options, and the keys only there.
   * @default none; then nothing shows that a row was changed
   */
  readonly evidence?: EvidenceOptions;
  /**
   * Refuse every flush of an audited entity for which nobody is known to act, before any SQL, with MissingActorError.
   * `@Audited({ requireActor })` says otherwise for one entity. Jobs and scripts must then say who they are.
   * @default false
   */
  readonly requireActor?: boolean;
  /**
   * The response to statements that write audited tables outside the unit of work: `nativeUpdate()` and the like, query builders,
   * Kysely, SQL. `@Audited({ unrecordedWrites })` says otherwise for one entity. Needs AuditPostgreSqlDriver; with MikroORM's
   * own driver such statements go unnoticed.
   * @default 'warn'
   */
  readonly unrecordedWrites?: UnrecordedWriteRule;
  /**
   * Where a request carries the reason of what it does: the name of a header or of a body field, or a function of the
   * request. Values from code (`assign`, `run`) win.
   * @default none
   */
  readonly reasonFrom?: ReasonFields | ReasonReader;
  /**
   * Keys and terms of `AuditContext.toEnvelope()` and `runWithEnvelope()`.
   * @default none; both then throw
   */
  readonly envelope?: EnvelopeOptions;
  /**
   * Secrets of at least 32 characters, with which the tokens of restore plans are signed and the cursors of `AuditHttpModule`
   * encrypted. The first one is used, all are accepted. Where several processes serve the same app, or a plan must outlive a
   * restart, all of them need the same ones.
   * @default one that this process makes up: no other one applies its plans, or goes on after its pages
   */
  readonly restoreKeys?: readonly string[];
  /**
   * Whether `AuditContext.withoutAuditing()` may be used. Forbidden, it throws, and leaves a denied revision.
   * @default true
   */
  readonly allowWithoutAuditing?: boolean;
  /**
   * Has the app check its trail by itself, one process at a time: `AuditHealth` tells what it finds.
   * @default never
   */
  readonly check?: CheckScheduleOptions;
}

/** When the app checks its trail, and how much of it. */
export interface CheckScheduleOptions {
  /** Seconds from the beginning of one turn to that of the next, 1 to 604800, a week. */
  readonly every: number;
  /**
   * Seconds that a turn may take: it looks at what was written since the last one, and then goes on through everything.
   * @default 30, and at most half of `every`
   */
  readonly seconds?: number;
  /**
   * The part of everything that is gone through, above 0 and up to 1, always the same one. New rows are all looked at.
   * @default 1
   */
  readonly sample?: number;
}

/** How contexts travel between processes. */
export interface EnvelopeOptions {
  /**
   * Secrets of at least 32 characters, shared by the processes. The first one signs, all are accepted: to exchange one,
   * put the new one first, and remove the old one when the last message that it signed has expired.
   */
  readonly keys: readonly string[];
  /**
   * Seconds for which an envelope is accepted.
   * @default 86400, a day
   */
  readonly ttl?: number;
  /**
   * Who this process is when it continues what another one began.
   * @default systemActor('worker')
   */
  readonly worker?: Actor;
  /**
   * Whether an envelope can be used once only: `restore()` is refused, so that all of them are opened by `runWithEnvelopeOnce()`.
   * @default false: until it expires, whoever has an envelope can use it as often as it likes
   */
  readonly once?: boolean;
}

/** The options with their defaults, checked and frozen. */
export interface ResolvedAuditOptions {
  readonly resolveActor: ActorResolver;
  /** Names of properties that some audited entity masks or ignores, known as instances are audited. */
  readonly hiddenProperties: HiddenNames;
  readonly policies: readonly AuditPolicy[];
  readonly secrets: SecretOptions;
  readonly maxValueBytes: number;
  /** Null when none is configured. */
  readonly hashKey: string | null;
  readonly maxBufferedChanges: number;
  readonly sendWithCommit: boolean;
  readonly readFrom: 'primary' | 'replica';
  readonly sequencer: boolean;
  /** Null when the trail is not sealed. */
  readonly evidence: Required<EvidenceOptions> | null;
  readonly requireActor: boolean;
  /** Null when nobody has said. */
  readonly unrecordedWrites: UnrecordedWriteRule | null;
  /** Null when requests carry none. */
  readonly reasonFrom: ReasonReader | null;
  /** Null when none is configured. */
  readonly envelope: Required<EnvelopeOptions> | null;
  /** At least one. */
  readonly restoreKeys: readonly string[];
  readonly allowWithoutAuditing: boolean;
  /** Null for never. */
  readonly check: Required<CheckScheduleOptions> | null;
}

/** Injection token of the resolved options. */
export const RESOLVED_OPTIONS = Symbol('nestjs-mikro-audit:resolved-options');
