import { useState } from 'preact/hooks';
import { type Filters, writeFilters } from '../routing/filters.js';
import { dayTitle, shiftDay, startOfDay } from '../time/day-groups.js';
import type { ActivityBar, ActivitySeries } from '../values/activity-series.js';
import { Link } from './link.js';

interface ActivityChartProps {
  readonly activity: ActivitySeries;
  readonly filters: Filters;
}

/**
 * Bars per day, stacked by entity type. Each bar is a link to its day with a full name, so the chart can be read and
 * walked through without seeing it: one stop for Tab, then arrows.
 */
export function ActivityChart({ activity, filters }: ActivityChartProps) {
  const { bars, top } = activity;
  const [current, setCurrent] = useState(bars.length - 1);
  const walk = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: bars.length - 1 }[event.key];
    const links = (event.currentTarget as HTMLElement).querySelectorAll('a');
    const next = to === undefined ? undefined : links[to];
    if (to === undefined || next === undefined) return;
    event.preventDefault();
    setCurrent(to);
    next.focus();
  };
  const every = Math.ceil(bars.length / 10);
  return (
    <figure class="chart">
      <figcaption class="visually-hidden">
        Changes per day, by entity type. Arrow keys walk through the days.
      </figcaption>
      <div class="chart-axis" aria-hidden="true">
        <span>{top.toLocaleString()}</span>
        <span>{top >= 2 ? (top / 2).toLocaleString() : ''}</span>
        <span>0</span>
      </div>
      <ol class="chart-bars" onKeyDown={walk}>
        {bars.map((bar, index) => (
          <li key={bar.day} class="chart-day">
            <DayLink bar={bar} top={top} filters={filters} isStop={index === current} />
            <span
              class={
                isMinor(bars.length - 1 - index, every) ? 'chart-label chart-label-minor' : 'chart-label'
              }
              aria-hidden="true"
            >
              {(bars.length - 1 - index) % every === 0 ? shortDay(bar.day) : ''}
            </span>
          </li>
        ))}
      </ol>
    </figure>
  );
}

interface DayLinkProps {
  readonly bar: ActivityBar;
  readonly top: number;
  readonly filters: Filters;
  readonly isStop: boolean;
}

function DayLink({ bar, top, filters, isStop }: DayLinkProps) {
  return (
    <Link
      to={{ page: 'timeline' }}
      query={dayQuery(filters, bar.day)}
      class="chart-bar"
      label={barText(bar)}
      title={barText(bar)}
      isStop={isStop}
    >
      {bar.parts.map(({ series, type, count }) => (
        <span
          key={type}
          class={`chart-part series-${series}`}
          style={{ height: `${(count / top) * 100}%` }}
        />
      ))}
    </Link>
  );
}

/** Every other label is left out where there is little room. */
function isMinor(daysAgo: number, every: number): boolean {
  return (daysAgo / every) % 2 === 1;
}

/** Filters for one day in the timeline. */
export function dayQuery(filters: Filters, day: string): URLSearchParams {
  return writeFilters({ ...filters, from: startOfDay(day), until: startOfDay(shiftDay(day, 1)) });
}

function barText({ day, total, parts }: ActivityBar): string {
  const inside = parts.map(({ type, count }) => `${count.toLocaleString()} ${type}`).join(', ');
  const changes = `${total.toLocaleString()} ${total === 1 ? 'change' : 'changes'}`;
  return `${dayTitle(day)}: ${changes}${inside === '' ? '' : ` (${inside})`}`;
}

function shortDay(day: string): string {
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`${day}T12:00:00Z`),
  );
}
