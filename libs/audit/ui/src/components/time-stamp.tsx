import { useNow } from '../state/use-now.js';
import { useViewer } from '../state/viewer-context.js';
import { absoluteTime, clockTime, relativeTime, valueTime } from '../time/relative-time.js';

interface TimeStampProps {
  readonly instant: string;
  /** `relative`: how long ago; `clock`: hours and minutes; `full`, `value`: the whole time, and how long ago. */
  readonly as?: 'relative' | 'clock' | 'full' | 'value';
}

/** A time for people; the exact one is in its title. */
export function TimeStamp({ instant, as = 'relative' }: TimeStampProps) {
  const { timeZone } = useViewer();
  const now = useNow();
  const absolute = absoluteTime(instant, timeZone);
  const ago = relativeTime(instant, now);
  const text = {
    relative: ago,
    clock: clockTime(instant, timeZone),
    full: absolute,
    value: valueTime(instant, timeZone),
  }[as];
  return (
    <time class="time" dateTime={instant} title={as === 'relative' ? absolute : `${absolute}, ${ago}`}>
      {text}
      {(as === 'full' || as === 'value') && <span class="muted"> ({ago})</span>}
    </time>
  );
}
