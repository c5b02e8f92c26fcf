import type { Revision } from '../model/trail.js';
import { revisionFacts, revisionNote } from '../values/revision-note.js';

interface NoChangesProps {
  readonly revision: Revision;
  /** Left out where all of its metadata is shown. */
  readonly showsFacts?: boolean;
}

/** The text of a revision that changed nothing: a denial, a look, an action that was only recorded. */
export function NoChanges({ revision, showsFacts = true }: NoChangesProps) {
  const facts = showsFacts ? revisionFacts(revision) : [];
  return (
    <p class="note">
      {revisionNote(revision)}{' '}
      {facts.map(([name, text]) => (
        <span key={name} class="field-chip">
          <span class="field-name">{name}</span> {text}{' '}
        </span>
      ))}
    </p>
  );
}
