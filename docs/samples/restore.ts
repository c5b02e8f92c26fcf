import { ConflictException, Injectable } from '@nestjs/common';
import { AuditRestorer, type RestorePlan, StalePlanError } from 'nestjs-mikro-audit';
import { Book } from './quick-start.js';

// #region restore
@Injectable()
export class BookRestores {
  constructor(private readonly restorer: AuditRestorer) {}

  /** Shows somebody what would change. The plan is plain JSON. */
  plan(bookId: number, instant: Date): Promise<RestorePlan> {
    return this.restorer.plan(Book, bookId, { to: instant, property: ['title'] });
  }

  /** @param token of the plan that was looked at */
  async restore(token: string, reason: string): Promise<string | null> {
    try {
      const { revisionId } = await this.restorer.apply({ token }, { reason });
      return revisionId;
    } catch (error) {
      if (error instanceof StalePlanError) {
        throw new ConflictException('Somebody was faster. Look at it again.');
      }
      throw error;
    }
  }
}
// #endregion

// #region show
export function describe({ steps, conflicts }: RestorePlan): string[] {
  return [
    ...steps.flatMap(({ entityType, entityId, operation, values }) => [
      `${operation} ${entityType} ${entityId}`,
      ...values.map(({ path, before, after }) => `  ${path}: ${before} -> ${after}`),
    ]),
    ...conflicts.map(({ severity, message }) => `${severity}: ${message}`),
  ];
}
// #endregion

// #region undelete
export async function undelete(restorer: AuditRestorer, bookId: number): Promise<string> {
  const plan = await restorer.planUndelete(Book, bookId, { withChildren: true });
  if (plan.blocked) {
    return plan.conflicts.map(({ message }) => message).join(' ');
  }
  const { revisionId } = await restorer.apply(plan, { reason: 'deleted by mistake' });
  return `restored by revision ${revisionId}`;
}
// #endregion

// #region revision
/** Undoes everything that a revision did, also where others have built upon it. */
export async function undo(restorer: AuditRestorer, revisionId: string): Promise<void> {
  const plan = await restorer.planUndo(revisionId, { accept: ['changed-since'] });
  await restorer.apply(plan, { reason: `undo revision ${revisionId}` });
}
// #endregion
