import { type AuditPermission, RequiredPermission } from '../access/audit-access.js';
import type { Visible, VisibleStream } from '../gate/visible.js';

/** The answers that a route can give; null is nothing at all. */
type Answer = Visible<unknown> | VisibleStream | null;

type Handler = (...request: never[]) => Answer | Promise<Answer>;

/**
 * Names the action that a route needs, or `any` of them. A route without it is denied to everybody, and it takes only
 * handlers that answer with what has passed the gate.
 */
export function NeedsPermission(action: AuditPermission | 'any') {
  return <Method extends Handler>(
    target: object,
    name: string,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    RequiredPermission(action)(target, name, descriptor);
  };
}
