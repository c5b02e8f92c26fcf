import type { AuditAccess } from './audit-access.js';

/**
 * Decides who may read the trail. There is no default: `AuditHttpModule` does not start without one.
 *
 * It is asked once per request, after the guards of the app.
 */
export abstract class AuditAccessPolicy {
  /**
   * @param request of Express or Fastify, with what the guards of the app have put on it, such as `request.user`
   * @returns null when nobody is signed in (401). An access that grants nothing is a 403.
   */
  abstract accessOf(request: unknown): AuditAccess | null | Promise<AuditAccess | null>;
}
