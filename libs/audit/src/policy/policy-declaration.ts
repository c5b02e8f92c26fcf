import type { EntityClass } from '@mikro-orm/core';

/**
 * How a masked value is shown: `redact` hides all of it, `last4` shows the last four characters, `hash` stores a
 * keyed hash (needs the module option `hashKey`), by which equal values can be recognized.
 */
export type MaskKind = 'redact' | 'last4' | 'hash';

/**
 * The response to statements that write audited tables outside the unit of work, where nothing records them: `warn` logs each
 * place in the code once, `refuse` throws UnrecordedWriteError before anything is sent, `allow` says nothing.
 */
export type UnrecordedWriteRule = 'warn' | 'refuse' | 'allow';

export const UNRECORDED_WRITE_RULES: readonly UnrecordedWriteRule[] = ['warn', 'refuse', 'allow'];

/** Options of `@Audited()` and `auditPolicy()`. */
export interface AuditedOptions<Entity = Record<string, unknown>> {
  /**
   * Name in the trail. Give one: stored history then outlives renames of the class.
   * @default the class name
   */
  readonly name?: string;
  /**
   * Read the stored row before and after every change, under a row lock. Catches what the unit of work cannot
   * know: edits by others since loading, database triggers, implicit conversions. Costs two reads per table and flush.
   * @default false
   */
  readonly exact?: boolean;
  /**
   * Refuse flushes that change it while nobody is known to act, before any SQL, with MissingActorError.
   * @default the option `requireActor` of the module
   */
  readonly requireActor?: boolean;
  /**
   * Refuse flushes that change it without a reason, before any SQL, with MissingReasonError.
   * @default false
   */
  readonly requireReason?: boolean;
  /**
   * The response to statements that write it, or its links, outside the unit of work: `nativeUpdate()` and the like, query
   * builders, Kysely, SQL. Needs AuditPostgreSqlDriver.
   * @default the option `unrecordedWrites` of the module
   */
  readonly unrecordedWrites?: UnrecordedWriteRule;
  /**
   * To-one property that leads to the entity this one is part of, such as `order` of a line item. Its key is
   * stored with every change, so that one query answers "everything on order 42".
   * @default none
   */
  readonly partOf?: Extract<keyof Entity, string>;
  /**
   * The name of the entity for people: a property, or a function of its values. Stored with every change, so that history
   * reads right after renames and deletes. Cut to 200 characters; a function that throws gives no label.
   * @default none
   */
  readonly label?: Extract<keyof Entity, string> | LabelFunction;
  /**
   * Names that changed. History that is stored under them is found and shown under the new ones.
   * @default none
   */
  readonly formerly?: FormerNames<Entity>;
}

/**
 * Names an entity for people.
 * @param values of its audited properties by path, as far as they are loaded, without masked ones; relations are keys
 * @returns null when there is no label
 */
export type LabelFunction = (values: Readonly<Record<string, unknown>>) => string | null;

/** Names under which older history of an entity is stored. */
export interface FormerNames<Entity = Record<string, unknown>> {
  /** The former name of the entity in the trail. */
  readonly names?: readonly string[];
  /** The former names of properties in the trail, by the present name; of an embeddable, those of its members too. */
  readonly properties?: Readonly<Partial<Record<Extract<keyof Entity, string>, string | readonly string[]>>>;
}

/** Options of `auditPolicy()`. */
export interface AuditPolicyOptions<Entity = Record<string, unknown>> extends AuditedOptions<Entity> {
  /**
   * Record who looked at which of these entities, as `@AuditRead()` does.
   * @default false
   */
  readonly recordReads?: boolean;
  /** Properties that leave no trace. */
  readonly ignore?: readonly Extract<keyof Entity, string>[];
  /** Properties whose change is recorded and whose value is hidden; `false` stores a value that is masked by default. */
  readonly mask?: Readonly<Partial<Record<Extract<keyof Entity, string>, MaskKind | false>>>;
}

/** The declarations of decorators or `auditPolicy()` for one class, before it meets the ORM metadata. */
export interface PolicyDeclaration {
  /** Undefined when this class itself says nothing (it may still inherit). */
  readonly audited?: AuditedOptions;
  /** True when the class is taken out although a base class is audited. */
  readonly ignored?: boolean;
  /** True when it is recorded who looked at the entities. */
  readonly reads?: boolean;
  /** Mask of every property of the class but its keys. */
  readonly maskAll?: MaskKind;
  readonly ignore: ReadonlySet<string>;
  readonly mask: ReadonlyMap<string, MaskKind | false>;
}

/** A policy for an entity that carries no decorators. Pass it to `AuditModule.forRoot({ policies })`. */
export interface AuditPolicy {
  readonly entity: EntityClass<object>;
  readonly declaration: PolicyDeclaration;
}
