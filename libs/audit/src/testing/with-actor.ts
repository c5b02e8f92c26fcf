import { AuditContext } from '../context/audit-context.js';
import type { Actor } from '../model/actor.js';

/**
 * Runs some work as an actor. A request that the work sends to a server has the actor of that server's own request.
 * @param actor a text is the id of a user
 */
export function withActor<Result>(actor: Actor | string, work: () => Result): Result {
  const known: Actor = typeof actor === 'string' ? { type: 'user', id: actor, label: null } : actor;
  return new AuditContext().run({ actor: known }, work);
}
