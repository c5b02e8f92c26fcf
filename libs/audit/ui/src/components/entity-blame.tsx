import { entityPath } from '../api/api-client.js';
import { propertyAccess } from '../model/access.js';
import type { Blame } from '../model/trail.js';
import { useResource } from '../state/use-resource.js';
import { labelsOf, type Versions } from '../state/versions.js';
import { useViewer } from '../state/viewer-context.js';
import { ownValue } from '../values/own-value.js';
import { ActorName, Avatar } from './actor-badge.js';
import { EmptyState, ProblemState, Skeleton } from './page-states.js';
import { RevisionLink } from './revision-link.js';
import { TimeStamp } from './time-stamp.js';
import { ValueView } from './value-view.js';

interface EntityBlameProps {
  readonly type: string;
  readonly id: string;
  readonly versions: Versions;
}

/** Who gave each property its present value, and when. */
export function EntityBlame({ type, id, versions }: EntityBlameProps) {
  const { api, access } = useViewer();
  const path = entityPath(type, id, '/blame');
  const { value, problem, reload } = useResource(path, (signal) =>
    api.get<{ readonly properties: readonly Blame[] | null }>(path, undefined, signal),
  );
  if (problem !== undefined) return <ProblemState problem={problem} onRetry={reload} />;
  if (value === undefined) return <Skeleton lines={6} />;
  if (value.properties === null) {
    return (
      <EmptyState title="It does not exist any more">
        <p>Its last values are in the time travel.</p>
      </EmptyState>
    );
  }
  const labels = labelsOf(versions.items);
  return (
    <table class="state-table blame-table">
      <caption class="visually-hidden">
        Who set the properties of {type} {id}
      </caption>
      <thead>
        <tr>
          <th scope="col">Property</th>
          <th scope="col">Value now</th>
          <th scope="col">Set by</th>
        </tr>
      </thead>
      <tbody>
        {value.properties.map((blame) => (
          <tr key={blame.path}>
            <th scope="row">{blame.path}</th>
            <td>
              <ValueView
                value={blame.value}
                property={propertyAccess(access, type, blame.path)}
                labels={ownValue(labels, blame.path)}
              />
            </td>
            <td>
              <SetBy blame={blame} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function SetBy({ blame: { revision, operation } }: { readonly blame: Blame }) {
  if (revision === null) return <span class="muted">before the recorded history</span>;
  if (operation === 'baseline')
    return (
      <span class="muted">
        since before <TimeStamp instant={revision.recordedAt} /> <RevisionLink id={revision.id} />
      </span>
    );
  return (
    <span class="set-by">
      <Avatar actor={revision.actor} />
      <span>
        <ActorName actor={revision.actor} />
        <span class="muted set-when">
          <TimeStamp instant={revision.recordedAt} />
          {operation === 'create' && ', when created'} <RevisionLink id={revision.id} />
        </span>
      </span>
    </span>
  );
}
