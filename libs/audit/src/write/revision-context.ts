import type { CurrentContext } from '../context/context-values.js';
import { safeActor, safeId, safeMetadata, safeOrigin, safeText } from '../context/safe-context.js';
import { type Actor, UNKNOWN_ACTOR } from '../model/actor.js';
import type { JsonObject } from '../model/json.js';
import type { Origin, Outcome } from '../model/revision.js';
import type { SecretScan } from '../serialize/json/secret-scan.js';
import type { NewRevision } from '../store/audit-store.js';

/**
 * The context as it is stored. Nothing in it can make the write fail, and nothing is stored that says of itself to be a secret: who
 * gives a reason or metadata has not always looked what is in them.
 */
export class RevisionContexts {
  constructor(private readonly secrets: SecretScan) {}

  toNewRevision(context: CurrentContext, outcome: Outcome = 'success'): NewRevision {
    return {
      actor: this.actor(context.actor ?? UNKNOWN_ACTOR),
      onBehalfOf: context.onBehalfOf && this.actor(context.onBehalfOf),
      authenticationMethod: this.open(safeId(context.authenticationMethod)),
      action: this.open(safeText(context.action)),
      reason: this.open(safeText(context.reason)),
      outcome,
      origin: context.origin && this.origin(safeOrigin(context.origin)),
      correlationId: this.open(safeId(context.correlationId)),
      traceId: context.traceId,
      spanId: context.spanId,
      restoredRevisionId: context.restoredRevisionId,
      metadata: context.metadata && this.secrets.hideInNotes(safeMetadata(context.metadata)),
    };
  }

  /** The same for triggers, which write it where the unit of work does not; what is null is left out. */
  toStatementContext(context: CurrentContext): JsonObject {
    const { outcome: _, ...revision } = this.toNewRevision(context);
    return Object.fromEntries(Object.entries(revision).filter(([, value]) => value !== null)) as JsonObject;
  }

  /** Its id stays as it is: it tells actors apart. */
  private actor(actor: Actor): Actor {
    const { type, id, label } = safeActor(actor);
    return { type, id, label: this.open(label) };
  }

  private origin({ source, ip, userAgent, method, route, handler }: Origin): Origin {
    return {
      source: this.open(source),
      ip: this.open(ip),
      userAgent: this.open(userAgent),
      method: this.open(method),
      route: this.open(route),
      handler: this.open(handler),
    };
  }

  private open(text: string | null): string | null {
    return text === null ? null : this.secrets.texts.masked(text);
  }
}
