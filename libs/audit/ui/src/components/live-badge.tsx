import { useEffect, useState } from 'preact/hooks';
import { useViewer } from '../state/viewer-context.js';

const TEXTS = {
  live: ['Live', 'New revisions are announced as they arrive'],
  waiting: ['Not live', 'No connection at the moment; it is tried again'],
  off: ['Not live', 'The server does not announce new revisions to you'],
} as const;

/** Whether new revisions are announced. */
export function LiveBadge() {
  const { live } = useViewer();
  const [status, setStatus] = useState(live.status);
  useEffect(() => live.onStatus(setStatus), [live]);
  // Keeps the connection on pages where nobody else listens, so that moving about does not open it anew.
  useEffect(() => live.onArrival(() => undefined), [live]);
  const [text, title] = TEXTS[status];
  return (
    <span class={`live live-${status}`} title={title}>
      <span class="live-dot" aria-hidden="true" />
      <span class="live-text">{text}</span>
    </span>
  );
}
