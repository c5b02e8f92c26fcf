import type { ComponentChildren } from 'preact';
import type { Revision, RevisionBrief } from '../model/trail.js';
import { ActorLine, Avatar } from './actor-badge.js';
import { Reason, RevisionIntent } from './revision-header.js';
import { RevisionLink } from './revision-link.js';
import { TimeStamp } from './time-stamp.js';

interface RevisionEntryProps {
  readonly revision: RevisionBrief & Pick<Revision, 'outcome'>;
  /** Whether it has just arrived. */
  readonly isFresh?: boolean;
  /** At the end of its first line. */
  readonly tool?: ComponentChildren;
  /** Its changes. */
  readonly children: ComponentChildren;
}

/** A revision in a list: who, what for, why and when. */
export function RevisionEntry({ revision, isFresh = false, tool, children }: RevisionEntryProps) {
  return (
    <li class={`entry ${isFresh ? 'entry-fresh' : ''}`}>
      <Avatar actor={revision.actor} />
      <article class="entry-body" aria-label={`Revision ${revision.id}`}>
        <header class="entry-head">
          <span class="entry-who">
            <ActorLine actor={revision.actor} onBehalfOf={revision.onBehalfOf} />
            <RevisionIntent revision={revision} />
          </span>
          <span class="entry-when">
            <RevisionLink id={revision.id} />
            <TimeStamp instant={revision.recordedAt} as="clock" />
            {tool}
          </span>
        </header>
        <Reason reason={revision.reason} />
        {children}
      </article>
    </li>
  );
}
