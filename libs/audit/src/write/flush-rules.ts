import type { AuditContext } from '../context/audit-context.js';
import type { CurrentContext } from '../context/context-values.js';
import { isSomebody } from '../context/known-actor.js';
import { MissingActorError, MissingReasonError } from '../errors/context-errors.js';
import type { AuditMetrics } from './audit-metrics.js';

/** The rules of an entity for whoever changes it. */
export interface FlushDemand {
  readonly entityType: string;
  /** Null when the option of the module decides. */
  readonly requireActor: boolean | null;
  readonly requireReason: boolean;
}

/** Refuses flushes that say too little about who and why, before anything is sent. */
export class FlushRules {
  private readonly isActorRequired: boolean;
  private readonly isReasonRequired: boolean;

  /**
   * @param requireActor where an entity does not say
   * @param all what the entities of the application ask: a flush is not looked through for what none of them does
   */
  constructor(
    private readonly context: AuditContext,
    private readonly requireActor: boolean,
    private readonly metrics: AuditMetrics,
    all: readonly Pick<FlushDemand, 'requireActor' | 'requireReason'>[],
  ) {
    this.isActorRequired = all.some((demand) => demand.requireActor ?? requireActor);
    this.isReasonRequired = all.some(({ requireReason }) => requireReason);
  }

  /**
   * @param demands of the entities of the flush
   * @throws MissingActorError, MissingReasonError
   */
  check(current: CurrentContext, demands: () => readonly FlushDemand[]): void {
    const isUnattributed = !isSomebody(current.actor);
    const isUnexplained = (current.reason ?? '').trim() === '';
    if (!isUnattributed && !isUnexplained) {
      return;
    }
    const action = this.context.needsReason();
    if (isUnexplained && action !== null) {
      throw this.refused(new MissingReasonError(`The action ${action}`));
    }
    const isAnyBroken = (isUnattributed && this.isActorRequired) || (isUnexplained && this.isReasonRequired);
    for (const { entityType, requireActor, requireReason } of isAnyBroken ? demands() : []) {
      if (isUnattributed && (requireActor ?? this.requireActor)) {
        throw this.refused(new MissingActorError(`A change of ${entityType}`));
      }
      if (isUnexplained && requireReason) {
        throw this.refused(new MissingReasonError(`A change of ${entityType}`));
      }
    }
  }

  private refused<E extends Error>(error: E): E {
    this.metrics.count('refused');
    return error;
  }
}
