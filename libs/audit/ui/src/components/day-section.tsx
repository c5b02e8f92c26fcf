import type { ComponentChildren } from 'preact';
import { useNow } from '../state/use-now.js';
import { useViewer } from '../state/viewer-context.js';
import { dayNickname, dayTitle } from '../time/day-groups.js';

/** The revisions of one day, under its name. */
export function DaySection({
  day,
  children,
}: {
  readonly day: string;
  readonly children: ComponentChildren;
}) {
  const { timeZone } = useViewer();
  const nickname = dayNickname(day, useNow(), timeZone);
  return (
    <section class="day" aria-labelledby={`day-${day}`}>
      <h2 class="day-title" id={`day-${day}`}>
        {nickname !== null && <span class="day-nickname">{nickname}</span>} <span>{dayTitle(day)}</span>
      </h2>
      <ol class="entries">{children}</ol>
    </section>
  );
}
