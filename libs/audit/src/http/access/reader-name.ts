import type { AuditContext } from '../../context/audit-context.js';

/**
 * By what one reader is told from another; null for a reader who is nobody.
 * @throws ActorResolutionError when the `resolveActor` option fails
 */
export async function readerName(context: AuditContext): Promise<string | null> {
  const actor = await context.actor();
  return actor?.id ? `${actor.type}:${actor.id}` : null;
}

/**
 * By what the limits of one reader are told from those of another: the name, or the address of a reader who is nobody.
 * @throws ActorResolutionError when the `resolveActor` option fails
 */
export async function readerOrAddress(context: AuditContext): Promise<string> {
  const name = await readerName(context);
  return name ?? `at ${context.current()?.origin?.ip ?? 'no address'}`;
}
