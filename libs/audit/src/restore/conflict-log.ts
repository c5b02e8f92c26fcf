import type { ConflictOf, RestoreConflict, RestoreConflictKind } from '../model/restore-conflict.js';
import type { StoredRevision } from '../store/audit-store.js';

/** Who changed something is looked up for all of a plan at once. */
type Known<Conflict> =
  Conflict extends ConflictOf<'changed-since'> ? Omit<Conflict, 'recordedAt' | 'actor'> : Conflict;
type Details<Conflict> = Conflict extends RestoreConflict
  ? Omit<Known<Conflict>, 'entityType' | 'entityId' | 'severity' | 'acceptable' | 'path'>
  : never;

/** Of a conflict what its kind decides: all but the entity, and what severity comes to. */
export type ConflictDetails = Details<RestoreConflict>;

type OpenConflict = Known<RestoreConflict>;

/** A conflict that blocks; one that is `acceptable` only until it is accepted. */
type BlockDetails = ConflictDetails & { readonly acceptable: boolean };

/** The entity that a conflict is about. */
export interface ConflictSubject {
  readonly policy: { readonly entityType: string };
  readonly entityId: string;
}

/** The conflicts of a plan, judged by what is accepted. */
export class ConflictLog {
  private readonly open: OpenConflict[] = [];

  constructor(private readonly accepted: ReadonlySet<RestoreConflictKind>) {}

  /** The revisions that `complete` needs. */
  get revisionIds(): readonly string[] {
    return [...new Set(this.open.flatMap((one) => (one.kind === 'changed-since' ? [one.revisionId] : [])))];
  }

  /** It happens as the message says, and there is nothing to decide. */
  notice(subject: ConflictSubject, path: string | null, details: ConflictDetails): void {
    this.add(subject, path, 'notice', { acceptable: false, ...details });
  }

  /** @returns whether it is accepted */
  block(subject: ConflictSubject, path: string | null, details: BlockDetails): boolean {
    const isAccepted = details.acceptable && this.accepted.has(details.kind);
    this.add(subject, path, isAccepted ? 'accepted' : 'blocking', details);
    return isAccepted;
  }

  /** @param revisions those of `revisionIds` */
  complete(revisions: ReadonlyMap<string, StoredRevision>): readonly RestoreConflict[] {
    return this.open.flatMap((one): readonly RestoreConflict[] => {
      if (one.kind !== 'changed-since') {
        return [one];
      }
      const revision = revisions.get(one.revisionId);
      return revision
        ? [{ ...one, recordedAt: revision.recordedAt.toISOString(), actor: revision.actor }]
        : [];
    });
  }

  private add(
    { policy, entityId }: ConflictSubject,
    path: string | null,
    severity: RestoreConflict['severity'],
    details: BlockDetails,
  ): void {
    const { entityType } = policy;
    this.open.push({ entityType, entityId, path, severity, ...details } as OpenConflict);
  }
}
