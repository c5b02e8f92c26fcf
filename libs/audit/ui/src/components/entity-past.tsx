import { useCallback } from 'preact/hooks';
import { entityPath } from '../api/api-client.js';
import { entityAccess, propertyAccess } from '../model/access.js';
import type { ChangeWithRevision, EntityState } from '../model/trail.js';
import { useResource } from '../state/use-resource.js';
import { labelsOf, type Versions } from '../state/versions.js';
import { useViewer } from '../state/viewer-context.js';
import { ownValue } from '../values/own-value.js';
import { ActorLine, Avatar } from './actor-badge.js';
import { OperationBadge } from './operation-badge.js';
import { EmptyState, ProblemState, Skeleton } from './page-states.js';
import { RestoreButton } from './restore-button.js';
import { Reason, RevisionIntent } from './revision-header.js';
import { RevisionLink } from './revision-link.js';
import { TimeStamp } from './time-stamp.js';
import { ValueView } from './value-view.js';
import { VersionSlider } from './version-slider.js';

interface EntityPastProps {
  readonly type: string;
  readonly id: string;
  /** Revision; null for the newest version. */
  readonly at: string | null;
  readonly versions: Versions;
}

/** The record as it was, version by version. */
export function EntityPast({ type, id, at, versions }: EntityPastProps) {
  const { navigation } = useViewer();
  const { items } = versions;
  const found = items.findIndex(({ revision }) => revision.id === at);
  const index = found >= 0 ? found : items.length - 1;
  const move = useCallback(
    (next: number): void => {
      const revision = items[next]?.revision.id;
      if (revision === undefined) return;
      navigation.go({ page: 'entity', type, id }, new URLSearchParams({ view: 'past', at: revision }), {
        replace: true,
      });
    },
    [items, navigation, type, id],
  );
  const version = items[index];
  if (version === undefined) return <EmptyState title="Nothing has been recorded about this entity" />;
  return (
    <>
      <VersionSlider versions={items} index={index} onMove={move} />
      {!versions.isComplete && <p class="hint">Older versions are in the story.</p>}
      <VersionHead
        version={version}
        number={index + 1}
        count={items.length}
        isNewest={index === items.length - 1}
      />
      <StateAt type={type} id={id} version={version} labels={labelsOf(items)} />
    </>
  );
}

interface VersionHeadProps {
  readonly version: ChangeWithRevision;
  readonly number: number;
  readonly count: number;
  readonly isNewest: boolean;
}

function VersionHead({ version, number, count, isNewest }: VersionHeadProps) {
  const { access } = useViewer();
  const { revision, entityType, entityId, operation } = version;
  const mayRestore = entityAccess(access, entityType)?.permissions.restore === true;
  return (
    <div class="version-head">
      <Avatar actor={revision.actor} />
      <div class="version-text">
        <p>
          <strong>
            Version {number} of {count}
          </strong>{' '}
          <OperationBadge operation={operation} /> <span class="muted">by</span>{' '}
          <ActorLine actor={revision.actor} onBehalfOf={revision.onBehalfOf} />{' '}
          <RevisionIntent revision={revision} />
        </p>
        <p class="muted">
          <TimeStamp instant={revision.recordedAt} as="full" /> · <RevisionLink id={revision.id} />
        </p>
        <Reason reason={revision.reason} />
      </div>
      {mayRestore && !isNewest && operation !== 'delete' && (
        <RestoreButton
          path={entityPath(entityType, entityId, '/restore')}
          isEntity
          body={{ to: { revision: revision.id } }}
          text="Restore this version"
          title={`Restore version ${number} of ${entityType} ${entityId}`}
        />
      )}
      {mayRestore && isNewest && operation === 'delete' && (
        <RestoreButton
          path={entityPath(entityType, entityId, '/restore')}
          isEntity
          body={{}}
          text="Undo the deletion"
          title={`Undo the deletion of ${entityType} ${entityId}`}
        />
      )}
    </div>
  );
}

interface StateAtProps {
  readonly type: string;
  readonly id: string;
  readonly version: ChangeWithRevision;
  readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

function StateAt({ type, id, version, labels }: StateAtProps) {
  const { api, access } = useViewer();
  const path = entityPath(type, id, '/state');
  const query = new URLSearchParams({ revision: version.revision.id });
  const { value, problem, reload, isLoading } = useResource(
    `${path}?${query}`,
    (signal) => api.get<{ readonly state: EntityState | null }>(path, query, signal),
    { keep: true },
  );
  if (problem !== undefined) return <ProblemState problem={problem} onRetry={reload} />;
  if (value === undefined) return <Skeleton lines={6} />;
  if (value.state === null) return <EmptyState title="It did not exist at that time" />;
  const touched = new Set(version.fields.map((field) => field.path.split('.')[0]));
  const isUpdate = version.operation === 'update';
  return (
    <table class="state-table" aria-busy={isLoading}>
      <caption class="visually-hidden">
        {type} {id} as it was after revision {version.revision.id}
      </caption>
      <thead>
        <tr>
          <th scope="col">Property</th>
          <th scope="col">Value then</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(value.state).map(([name, json]) => {
          const isChanged = isUpdate && touched.has(name);
          return (
            <tr key={name} class={isChanged ? 'changed' : ''}>
              <th scope="row">
                {name}
                {isChanged && <span class="changed-mark"> changed</span>}
              </th>
              <td>
                <ValueView
                  value={json}
                  property={propertyAccess(access, type, name)}
                  labels={ownValue(labels, name)}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
