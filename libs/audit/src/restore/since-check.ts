import type { JsonValue } from '../model/json.js';
import { isDifferent } from '../query/state/value-difference.js';
import { linkIds } from '../serialize/entity/links.js';
import type { PropertyCodec } from '../serialize/property/property-codec.js';
import type { LifeChange } from '../store/audit-store.js';
import type { ConflictLog } from './conflict-log.js';
import type { RestoreDraft } from './restore-draft.js';

const VERBS = { create: 'created', update: 'changed', delete: 'deleted', baseline: 'found' } as const;

/** Tells what has changed after the point that is restored, or after the revision that is undone. */
export class SinceCheck {
  constructor(
    private readonly draft: RestoreDraft,
    private readonly log: ConflictLog,
  ) {}

  /** The newest change of a path, when it came after. */
  newer(path: string): LifeChange | undefined {
    const { target, trail } = this.draft;
    const newest = trail.changedBy.get(path);
    const base = target.undone ?? target.restoredChanges.get(path);
    return newest && (!base || BigInt(newest.id) > BigInt(base.id)) ? newest : undefined;
  }

  /** A value is going to be overwritten. */
  value(codec: PropertyCodec, now: JsonValue): void {
    const { target, trail } = this.draft;
    const { path } = codec.property;
    const newer = this.newer(path);
    const known = target.undone?.after?.[path] ?? trail.values.get(path);
    if (newer) {
      this.changed(path, newer);
    }
    if (!newer && known !== undefined && isDifferent(codec, known, now)) {
      this.unrecorded(path);
    }
  }

  /** Links are going to be replaced; what is no difference may have been changed since. */
  links(relation: string, now: readonly string[], ordered: boolean): void {
    const newer = this.newer(relation);
    if (newer && (ordered || this.draft.target.undone === null)) {
      this.changed(relation, newer);
    }
    const recorded = linkIds(this.draft.trail.values.get(relation));
    if (!newer && recorded && new Set(recorded).symmetricDifference(new Set(now)).size > 0) {
      this.unrecorded(relation);
    }
  }

  /** The whole entity is going to be deleted. */
  wholeEntity(): void {
    const { target, live, trail } = this.draft;
    const { undone } = target;
    for (const codec of target.codec.properties.values()) {
      const { path } = codec.property;
      const now = live?.values.get(path) ?? null;
      const created = undone?.after?.[path];
      if (created !== undefined && isDifferent(codec, created, now)) {
        this.value(codec, now);
      }
    }
    for (const relation of undone ? target.policy.collections.keys() : []) {
      const newer = this.newer(relation);
      if (newer) {
        this.changed(relation, newer);
      }
    }
    if (!undone && trail.newest) {
      this.changed(null, trail.newest);
    }
  }

  /** The entity is going to be created anew: it was deleted, or is gone without a trace. */
  deletion(): void {
    const { newest } = this.draft.trail;
    if (newest?.operation !== 'delete') {
      this.unrecorded(null);
    } else if (newest.id !== this.draft.target.undone?.id) {
      this.changed(null, newest);
    }
  }

  private changed(path: string | null, { id, revisionId, operation }: LifeChange): void {
    const { name, target } = this.draft;
    const what = path === null ? name : `"${path}" of ${name}`;
    const verb = VERBS[operation];
    this.report(path, {
      kind: 'changed-since',
      changeId: id,
      revisionId,
      message: `${what} was ${verb} since by revision ${revisionId}, which is ${target.undone ? 'overwritten when accepted' : 'undone'}.`,
    });
  }

  private unrecorded(path: string | null): void {
    const { name } = this.draft;
    const what = path === null ? name : `"${path}" of ${name}`;
    this.report(path, {
      kind: 'changed-unrecorded',
      message: `${what} is not as the trail says: something that is not audited has changed it.`,
    });
  }

  private report(path: string | null, details: SinceDetails): void {
    const { target } = this.draft;
    if (target.undone) {
      this.log.block(target, path, { acceptable: true, ...details });
    } else {
      this.log.notice(target, path, details);
    }
  }
}

/** Time and actor are looked up for all of a plan at once. */
type SinceDetails =
  | {
      readonly kind: 'changed-since';
      readonly changeId: string;
      readonly revisionId: string;
      readonly message: string;
    }
  | { readonly kind: 'changed-unrecorded'; readonly message: string };
