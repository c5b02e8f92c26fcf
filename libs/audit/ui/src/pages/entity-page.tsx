import { useState } from 'preact/hooks';
import { CopyButton } from '../components/copy-button.js';
import { EntityBlame } from '../components/entity-blame.js';
import { EntityCompare } from '../components/entity-compare.js';
import { EntityNews } from '../components/entity-news.js';
import { EntityPast } from '../components/entity-past.js';
import { EntityStory } from '../components/entity-story.js';
import { Link } from '../components/link.js';
import { ProblemState, Skeleton } from '../components/page-states.js';
import { PageTitle } from '../components/page-title.js';
import { entityAccess } from '../model/access.js';
import { ENTITY_VIEWS, type EntityView } from '../routing/route.js';
import { useResource } from '../state/use-resource.js';
import { lastLabel, loadVersions, type Versions } from '../state/versions.js';
import { useViewer } from '../state/viewer-context.js';

const TABS: Readonly<Record<EntityView, string>> = {
  story: 'Story',
  past: 'Time travel',
  compare: 'Compare',
  blame: 'Who set what',
};

interface EntityPageProps {
  readonly type: string;
  readonly id: string;
  readonly query: URLSearchParams;
}

/** Everything about one entity; the query string says which view of it. */
export function EntityPage({ type, id, query }: EntityPageProps) {
  const { api, access } = useViewer();
  const [edition, setEdition] = useState(0);
  const key = `versions ${JSON.stringify([type, id, edition])}`;
  const {
    value: versions,
    problem,
    reload,
  } = useResource(key, (signal) => loadVersions(api, type, id, signal));
  const wanted = query.get('view');
  const maySeeValues = (entityAccess(access, type) ?? access).permissions.values;
  const views = ENTITY_VIEWS.filter((one) => one === 'story' || maySeeValues);
  const view = views.find((one) => one === wanted) ?? 'story';
  return (
    <div class="single">
      <EntityNews key={edition} type={type} id={id} onShow={() => setEdition(edition + 1)} />
      <EntityHead type={type} id={id} versions={versions} />
      <nav class="tabs" aria-label="Views of this entity">
        {views.map((one) => (
          <Link
            key={one}
            to={{ page: 'entity', type, id }}
            query={new URLSearchParams(one === 'story' ? {} : { view: one })}
            current={one === view}
          >
            {TABS[one]}
          </Link>
        ))}
      </nav>
      {problem !== undefined && <ProblemState problem={problem} onRetry={reload} />}
      {versions === undefined && problem === undefined && <Skeleton lines={4} />}
      {versions !== undefined && (
        <View key={edition} view={view} type={type} id={id} query={query} versions={versions} />
      )}
    </div>
  );
}

function View({
  view,
  type,
  id,
  query,
  versions,
}: EntityPageProps & { readonly view: EntityView; readonly versions: Versions }) {
  switch (view) {
    case 'story':
      return <EntityStory type={type} id={id} />;
    case 'past':
      return <EntityPast type={type} id={id} at={query.get('at')} versions={versions} />;
    case 'compare':
      return (
        <EntityCompare
          type={type}
          id={id}
          from={query.get('from')}
          to={query.get('to')}
          versions={versions}
        />
      );
    case 'blame':
      return <EntityBlame type={type} id={id} versions={versions} />;
  }
}

interface EntityHeadProps {
  readonly type: string;
  readonly id: string;
  readonly versions: Versions | undefined;
}

function EntityHead({ type, id, versions }: EntityHeadProps) {
  const { access } = useViewer();
  const last = versions?.items.at(-1);
  const label = lastLabel(versions?.items ?? []);
  const name = label ?? `${type} ${id}`;
  const partOfType = entityAccess(access, type)?.partOfType ?? last?.partOfType;
  const isPart =
    last?.partOfId != null && partOfType != null && !(partOfType === type && last.partOfId === id);
  return (
    <div class="page-head entity-head">
      <div>
        <p class="kicker">
          {type}
          {isPart && last?.partOfId != null && (
            <>
              {' · part of '}
              <Link to={{ page: 'entity', type: partOfType, id: last.partOfId }}>
                {partOfType} {last.partOfId}
              </Link>
            </>
          )}
        </p>
        <PageTitle title={`${name} (${type})`}>
          {name} {last?.operation === 'delete' && <span class="tag tag-alert">deleted</span>}
        </PageTitle>
        <p class="muted entity-meta">
          <span>
            id <span class="code">{id}</span>
          </span>
          <CopyButton text={id} what={`id of this ${type}`} />
          {versions !== undefined && (
            <span>
              {versions.items.length.toLocaleString()}
              {versions.isComplete ? '' : ' newest'} {versions.items.length === 1 ? 'version' : 'versions'}
            </span>
          )}
        </p>
      </div>
    </div>
  );
}
