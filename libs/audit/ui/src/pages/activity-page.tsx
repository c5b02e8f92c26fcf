import { ActivityChart, dayQuery } from '../components/activity-chart.js';
import { FilterChips } from '../components/filter-chips.js';
import { CheckGroup } from '../components/filter-fields.js';
import { Link } from '../components/link.js';
import { EmptyState, ProblemState, Skeleton } from '../components/page-states.js';
import { PageTitle } from '../components/page-title.js';
import type { ActivityDay } from '../model/trail.js';
import { type Filters, readFilters, tidyFilters, writeFilters } from '../routing/filters.js';
import { useResource } from '../state/use-resource.js';
import { useViewer } from '../state/viewer-context.js';
import { dayOf, dayTitle, shiftDay, startOfDay } from '../time/day-groups.js';
import { absoluteTime } from '../time/relative-time.js';
import { type ActivitySeries, activitySeries } from '../values/activity-series.js';

const SPANS = [7, 30, 90] as const;
const LONGEST = 366;

/** How much happened, per day and entity type. */
export function ActivityPage({ query }: { readonly query: URLSearchParams }) {
  const { api, access, navigation, timeZone } = useViewer();
  const filters = readFilters(query);
  const [first, last] = spanOf(filters, timeZone);
  const asked = writeFilters({
    ...filters,
    from: startOfDay(first),
    until: startOfDay(shiftDay(last, 1)),
    order: 'newest',
  });
  asked.set('timeZone', timeZone);
  const { value, problem, reload } = useResource(`activity?${asked}`, (signal) =>
    api.get<ActivityAnswer>('activity', asked, signal),
  );
  const change = (next: Filters): void =>
    navigation.go({ page: 'activity' }, writeFilters(tidyFilters(next)));
  const today = dayOf(new Date().toISOString(), timeZone);
  return (
    <div class="single">
      <div class="page-head">
        <PageTitle title="Activity" />
        <fieldset class="segments" aria-label="Span">
          {SPANS.map((days) => (
            <button
              key={days}
              type="button"
              aria-pressed={last === today && first === shiftDay(today, 1 - days)}
              onClick={() =>
                change({
                  ...filters,
                  from: days === 30 ? null : startOfDay(shiftDay(today, 1 - days)),
                  until: null,
                })
              }
            >
              {days} days
            </button>
          ))}
        </fieldset>
      </div>
      <CheckGroup
        legend="Entity"
        options={access.entities.map(({ type }) => type)}
        chosen={filters.entity}
        onChange={(entity) => change({ ...filters, entity })}
      />
      <FilterChips filters={filters} onChange={change} />
      {problem !== undefined && <ProblemState problem={problem} onRetry={reload} />}
      {value === undefined && problem === undefined && <Skeleton lines={5} />}
      {value !== undefined && (
        <>
          <CountedFrom from={startOfDay(first)} countedFrom={value.countedFrom} />
          <Activity
            activity={activitySeries(value.days, first, last)}
            filters={filters}
            span={[first, last]}
          />
        </>
      )}
    </div>
  );
}

interface ActivityAnswer {
  readonly days: readonly ActivityDay[];
  /** Later than asked for when there is more than the server counts at a time. */
  readonly countedFrom: string;
}

/** Says so when the server has not counted all of the span. */
function CountedFrom({ from, countedFrom }: { readonly from: string; readonly countedFrom: string }) {
  const { timeZone } = useViewer();
  if (Date.parse(countedFrom) <= Date.parse(from)) return null;
  return (
    <p class="banner">
      There is more than can be counted at a time: only changes since{' '}
      <strong>{absoluteTime(countedFrom, timeZone)}</strong> are shown. Earlier days look emptier than they
      were.
    </p>
  );
}

interface ActivityProps {
  readonly activity: ActivitySeries;
  readonly filters: Filters;
  readonly span: readonly [first: string, last: string];
}

function Activity({ activity, filters, span: [first, last] }: ActivityProps) {
  if (activity.total === 0)
    return <EmptyState title={`Nothing happened from ${dayTitle(first)} to ${dayTitle(last)}`} />;
  return (
    <>
      <p class="figure">
        <strong>{activity.total.toLocaleString()}</strong> changes from {dayTitle(first)} to {dayTitle(last)}
      </p>
      <ActivityChart key={`${first} ${last}`} activity={activity} filters={filters} />
      <Legend activity={activity} />
      <details class="table-fold">
        <summary>Show as a table</summary>
        <ActivityTable activity={activity} filters={filters} />
      </details>
    </>
  );
}

function Legend({ activity: { series, total } }: { readonly activity: ActivitySeries }) {
  return (
    <ul class="legend" aria-label="Changes by entity type">
      {series.map(({ type, total: count }, index) => (
        <li key={type}>
          <span class={`legend-mark series-${index}`} aria-hidden="true" />
          <span class="legend-name">{type}</span>
          <span class="legend-count">{count.toLocaleString()}</span>
          <span class="muted">{Math.round((count / total) * 100)} %</span>
        </li>
      ))}
    </ul>
  );
}

function ActivityTable({
  activity: { series, bars },
  filters,
}: {
  readonly activity: ActivitySeries;
  readonly filters: Filters;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section class="scroll-x" tabIndex={0} aria-label="Changes per day">
      <table class="number-table">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">All</th>
            {series.map(({ type }) => (
              <th key={type} scope="col">
                {type}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...bars].reverse().map((bar) => (
            <tr key={bar.day}>
              <th scope="row">
                <Link to={{ page: 'timeline' }} query={dayQuery(filters, bar.day)}>
                  {dayTitle(bar.day)}
                </Link>
              </th>
              <td>{bar.total.toLocaleString()}</td>
              {series.map(({ type }) => (
                <td key={type}>
                  {(bar.parts.find((part) => part.type === type)?.count ?? 0).toLocaleString()}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The days that the filters ask for; the last 30 by default, a year at most. */
function spanOf(filters: Filters, timeZone: string): readonly [first: string, last: string] {
  const isTime = (text: string | null): text is string => text !== null && !Number.isNaN(Date.parse(text));
  const today = dayOf(new Date().toISOString(), timeZone);
  const last = isTime(filters.until)
    ? dayOf(new Date(Date.parse(filters.until) - 1).toISOString(), timeZone)
    : today;
  const first = isTime(filters.from) ? dayOf(filters.from, timeZone) : shiftDay(last, -29);
  const earliest = shiftDay(last, 1 - LONGEST);
  return [first < earliest ? earliest : first, last];
}
