import type { RestoreConflict } from '../model/trail.js';
import {
  type ConflictGroup,
  groupConflicts,
  type LaterChange,
  laterChanges,
} from '../values/conflict-groups.js';
import { ActorName } from './actor-badge.js';
import { RevisionLink } from './revision-link.js';
import { TimeStamp } from './time-stamp.js';

const SEVERITY_WORDS = { blocking: 'In the way', accepted: 'Accepted', notice: 'Note' } as const;

interface PlanConflictsProps {
  readonly conflicts: readonly RestoreConflict[];
  /** Kinds of conflicts that the reader has accepted. */
  readonly accept: readonly string[];
  readonly onAccept: (accept: readonly string[]) => void;
}

/** The conflicts of a restore, and what will not be as one may expect. */
export function PlanConflicts({ conflicts, accept, onAccept }: PlanConflictsProps) {
  return (
    <>
      {groupConflicts(conflicts).map((group) => (
        <Group
          key={`${group.kind} ${group.acceptable}`}
          group={group}
          isAccepted={accept.includes(group.kind)}
          onToggle={() =>
            onAccept(
              accept.includes(group.kind)
                ? accept.filter((kind) => kind !== group.kind)
                : [...accept, group.kind],
            )
          }
        />
      ))}
    </>
  );
}

interface GroupProps {
  readonly group: ConflictGroup;
  readonly isAccepted: boolean;
  readonly onToggle: () => void;
}

function Group({ group, isAccepted, onToggle }: GroupProps) {
  const { severity, title, consent, items } = group;
  const [changes, others] = laterChanges(items);
  return (
    <section class={`conflict conflict-${severity}`}>
      <h3>
        <span class="conflict-severity">{SEVERITY_WORDS[severity]}:</span> {title}
      </h3>
      <ul>
        {changes.map((change) => (
          <li key={`${change.entityType} ${change.entityId} ${change.revisionId}`}>
            <LaterChangeText change={change} />
          </li>
        ))}
        {others.map(({ message }) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
      {consent !== null && (
        <label class="check">
          <input type="checkbox" checked={isAccepted} onChange={onToggle} />
          <span>{consent}</span>
        </label>
      )}
      {severity === 'blocking' && consent === null && <p>It cannot be restored while this is so.</p>}
    </section>
  );
}

function LaterChangeText({ change }: { readonly change: LaterChange }) {
  const { entityType, entityId, paths, actor, revisionId, recordedAt } = change;
  return (
    <>
      <strong>{paths.join(', ')}</strong> of {entityType} {entityId}, by <ActorName actor={actor} />,{' '}
      <TimeStamp instant={recordedAt} /> <RevisionLink id={revisionId} />
    </>
  );
}
