import type { Identity } from './actor.js';
import type { CurrentContext } from './context-values.js';

const MEMBERS = ['actor', 'onBehalfOf', 'authenticationMethod'] as const;

/**
 * A context whose actor is asked for when somebody reads it. The members are its own, so that a copy has them; their
 * getters belong to all, because V8 keeps a hidden class for each object with getters of its own, and for long.
 */
export class PresentContext implements CurrentContext {
  declare readonly actor: CurrentContext['actor'];
  declare readonly onBehalfOf: CurrentContext['onBehalfOf'];
  declare readonly authenticationMethod: CurrentContext['authenticationMethod'];
  readonly action: CurrentContext['action'];
  readonly reason: CurrentContext['reason'];
  readonly origin: CurrentContext['origin'];
  readonly correlationId: CurrentContext['correlationId'];
  readonly traceId: CurrentContext['traceId'];
  readonly spanId: CurrentContext['spanId'];
  readonly metadata: CurrentContext['metadata'];
  readonly restoredRevisionId: CurrentContext['restoredRevisionId'];
  readonly #identity: () => Identity;

  constructor(known: Omit<CurrentContext, keyof Identity>, identity: () => Identity) {
    this.action = known.action;
    this.reason = known.reason;
    this.origin = known.origin;
    this.correlationId = known.correlationId;
    this.traceId = known.traceId;
    this.spanId = known.spanId;
    this.metadata = known.metadata;
    this.restoredRevisionId = known.restoredRevisionId;
    this.#identity = identity;
    Object.defineProperties(this, PresentContext.#getters);
  }

  static readonly #getters: PropertyDescriptorMap = Object.fromEntries(
    MEMBERS.map((member) => [
      member,
      {
        enumerable: true,
        get(this: PresentContext) {
          return this.#identity()[member];
        },
      },
    ]),
  );
}
