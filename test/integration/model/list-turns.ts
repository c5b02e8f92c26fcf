import { Utils } from '@mikro-orm/core';
import type { Step, TypeName } from './script.js';
import type { Worker } from './worker.js';

const listTypes: readonly TypeName[] = ['Playlist', 'Song'];

/** A transaction at work on the lists. */
interface Turn {
  readonly worker: Worker;
  /** Of the worker's transactions that are open at once, which one. */
  readonly separation: number;
}

/**
 * Lets one transaction after the other change ordered lists. Links are read without a lock, which is a documented
 * limit; of a relation with an order the whole list is recorded, so two transactions that take different members out
 * of it at once each say that the other one's member is still there. No row of theirs meets in the database.
 */
export class ListTurns {
  private turn: Turn | null = null;

  /** Whether the worker may do the step now; it is the worker's turn then. */
  allows(worker: Worker, step: Step): boolean {
    if (!touchesList(step)) {
      return true;
    }
    const { separation } = worker;
    const isMine = this.turn?.worker === worker && this.turn.separation === separation;
    if (this.turn && !isMine && !isOver(this.turn)) {
      return false;
    }
    this.turn = { worker, separation };
    return true;
  }
}

function touchesList(step: Step): boolean {
  return (
    (step.do === 'remove' || step.do === 'recreate' || step.do === 'relate') && listTypes.includes(step.type)
  );
}

function isOver({ worker, separation }: Turn): boolean {
  return separation > 0 ? worker.separation < separation : isIdle(worker);
}

/** Whether a step may take links away, as soon as they are flushed. */
export function takesLinks(step: Step): boolean {
  return ['remove', 'recreate', 'relate', 'native', 'native links'].includes(step.do);
}

/** Whether a worker has nothing that is open, or that the next flush would write. */
export function isIdle({ em, began, isInCallback }: Worker): boolean {
  const unitOfWork = em.getUnitOfWork(false);
  return !(
    began ||
    isInCallback ||
    unitOfWork.getPersistStack().size > 0 ||
    unitOfWork.getRemoveStack().size > 0 ||
    [...unitOfWork.getIdentityMap()].some(hasDirtyCollection)
  );
}

function hasDirtyCollection(entity: object): boolean {
  return Object.values(entity).some((value) => Utils.isCollection(value) && value.isDirty());
}
