import { entityPath } from '../api/api-client.js';
import type { ChangeLabels, ChangeWithRevision, FieldChange } from '../model/trail.js';
import { useResource } from '../state/use-resource.js';
import { labelsOf, lastLabel, type Versions } from '../state/versions.js';
import { useViewer } from '../state/viewer-context.js';
import { absoluteTime } from '../time/relative-time.js';
import { actorName } from '../values/actor-face.js';
import { FieldDiff } from './field-diff.js';
import { SelectField } from './filter-fields.js';
import { Icon } from './icon.js';
import { EmptyState, ProblemState, Skeleton } from './page-states.js';

interface EntityCompareProps {
  readonly type: string;
  readonly id: string;
  /** Revisions; null for the version before the newest, and for the newest. */
  readonly from: string | null;
  readonly to: string | null;
  readonly versions: Versions;
}

/** Any two versions side by side. */
export function EntityCompare({ type, id, from, to, versions }: EntityCompareProps) {
  const { api, navigation, timeZone } = useViewer();
  const { items } = versions;
  const known = (revision: string | null, standard: ChangeWithRevision | undefined): string =>
    items.find((item) => item.revision.id === revision)?.revision.id ?? standard?.revision.id ?? '';
  const left = known(from, items.at(-2) ?? items.at(-1));
  const right = known(to, items.at(-1));
  const path = entityPath(type, id, '/diff');
  const query = new URLSearchParams({ from: `revision:${left}`, to: `revision:${right}` });
  const { value, problem, reload } = useResource(items.length === 0 ? null : `${path}?${query}`, (signal) =>
    api.get<{ readonly fields: readonly FieldChange[]; readonly labels?: ChangeLabels | null }>(
      path,
      query,
      signal,
    ),
  );
  if (items.length === 0) return <EmptyState title="Nothing has been recorded about this entity" />;
  const choose = (nextFrom: string, nextTo: string): void =>
    navigation.go(
      { page: 'entity', type, id },
      new URLSearchParams({ view: 'compare', from: nextFrom, to: nextTo }),
    );
  const options = items.map(({ revision }, index): readonly [string, string] => [
    revision.id,
    `${index + 1}. ${absoluteTime(revision.recordedAt, timeZone)}, ${actorName(revision.actor)}`,
  ]);
  const numberOf = (revision: string): string =>
    `Version ${items.findIndex((item) => item.revision.id === revision) + 1}`;
  return (
    <>
      <div class="compare-choice">
        <SelectField
          id="compare-from"
          label="From"
          value={left}
          options={options}
          onChange={(next) => choose(next, right)}
        />
        <button
          type="button"
          class="button"
          onClick={() => choose(right, left)}
          aria-label="Swap both sides"
          title="Swap both sides"
        >
          <Icon name="swap" />
        </button>
        <SelectField
          id="compare-to"
          label="To"
          value={right}
          options={options}
          onChange={(next) => choose(left, next)}
        />
      </div>
      {problem !== undefined && <ProblemState problem={problem} onRetry={reload} />}
      {value === undefined && problem === undefined && <Skeleton lines={4} />}
      {value?.fields.length === 0 && <EmptyState title="Both versions are the same" />}
      {value !== undefined && value.fields.length > 0 && (
        <FieldDiff
          entityType={type}
          fields={value.fields}
          labels={value.labels ?? { own: lastLabel(items), targets: labelsOf(items) }}
          headings={[numberOf(left), numberOf(right)]}
          caption={`Differences of ${numberOf(left)} and ${numberOf(right)}`}
        />
      )}
    </>
  );
}
