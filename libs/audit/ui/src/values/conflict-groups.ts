import type { Actor, RestoreConflict } from '../model/trail.js';
import { ownValue } from './own-value.js';

/** Conflicts of one kind that are dealt with in the same way. */
export interface ConflictGroup {
  readonly kind: string;
  readonly severity: RestoreConflict['severity'];
  /** Whether the reader may decide to restore nevertheless. */
  readonly acceptable: boolean;
  readonly title: string;
  /** The effect of accepting; null where nothing can be accepted. */
  readonly consent: string | null;
  readonly items: readonly RestoreConflict[];
}

/** Properties of an entity that one revision has changed. */
export interface LaterChange {
  readonly entityType: string;
  readonly entityId: string;
  readonly revisionId: string;
  readonly recordedAt: string;
  readonly actor: Actor;
  readonly paths: readonly string[];
}

const WORDS: Readonly<Record<string, readonly [title: string, consent: string]>> = {
  'changed-since': ['Changed since', 'Overwrite what was changed since'],
  'changed-unrecorded': [
    'Changed without being recorded',
    'Overwrite what was changed without being recorded',
  ],
  'history-gap': ['Once changed without being recorded', ''],
  'target-gone': ['Its target is gone', 'Restore without these references'],
  'unique-taken': ['Taken by another', ''],
  'lock-version': ['The lock version goes on', ''],
  'property-gone': ['Not there any more', ''],
  'value-unknown': ['Not known to the trail', 'Restore without these values'],
  computed: ['Made by the database or a hook', ''],
  'still-referenced': ['Others refer to it', 'Delete it nevertheless'],
  'entity-gone': ['Gone meanwhile', 'Leave out what is gone'],
  'entity-exists': ['There again', 'Leave as it is what is there again'],
  'key-changed': ['Under another key now', ''],
};

const SEVERITIES: readonly RestoreConflict['severity'][] = ['blocking', 'accepted', 'notice'];

/** Conflicts by kind, what is in the way first. */
export function groupConflicts(conflicts: readonly RestoreConflict[]): readonly ConflictGroup[] {
  const keyOf = ({ severity, kind, acceptable }: RestoreConflict): string =>
    JSON.stringify([severity, kind, acceptable]);
  const groups = new Map<string, [RestoreConflict, ...RestoreConflict[]]>();
  for (const conflict of conflicts) {
    const group = groups.get(keyOf(conflict));
    if (group === undefined) groups.set(keyOf(conflict), [conflict]);
    else group.push(conflict);
  }
  return [...groups.values()]
    .map((items): ConflictGroup => {
      const [{ kind, severity, acceptable }] = items;
      const [title, consent] = ownValue(WORDS, kind) ?? [kind, `Restore nevertheless (${kind})`];
      return { kind, severity, acceptable, title, consent: acceptable ? consent : null, items };
    })
    .sort((left, right) => SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity));
}

/** Who has changed which properties since, revision by revision, and the conflicts that say nothing like it. */
export function laterChanges(
  conflicts: readonly RestoreConflict[],
): readonly [changes: readonly LaterChange[], others: readonly RestoreConflict[]] {
  const changes = new Map<string, LaterChange>();
  const others: RestoreConflict[] = [];
  for (const conflict of conflicts) {
    const { entityType, entityId, path, revisionId, recordedAt, actor } = conflict;
    if (path === null || revisionId === undefined || recordedAt === undefined || actor === undefined) {
      others.push(conflict);
      continue;
    }
    const key = JSON.stringify([entityType, entityId, revisionId]);
    const paths = [...(changes.get(key)?.paths ?? []), path];
    changes.set(key, { entityType, entityId, revisionId, recordedAt, actor, paths });
  }
  return [[...changes.values()], others];
}
