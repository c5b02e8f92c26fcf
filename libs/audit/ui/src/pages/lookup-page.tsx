import { useState } from 'preact/hooks';
import { EmptyState } from '../components/page-states.js';
import { PageTitle } from '../components/page-title.js';
import { useViewer } from '../state/viewer-context.js';

/** Where a reader begins who may see entities, but not list what has happened. */
export function LookupPage() {
  const { access, navigation } = useViewer();
  const types = access.entities.filter(({ actions }) => actions.history).map(({ type }) => type);
  const [type, setType] = useState(types[0] ?? '');
  const [id, setId] = useState('');
  const open = (event: Event): void => {
    event.preventDefault();
    if (id.trim() !== '') navigation.go({ page: 'entity', type, id: id.trim() });
  };
  return (
    <div class="single">
      <div class="page-head">
        <PageTitle title="Look something up" />
      </div>
      {types.length === 0 ? (
        <EmptyState title="There is nothing that you may look up" />
      ) : (
        <form class="lookup" onSubmit={open}>
          <p class="muted">You may see the history of single things. Give the kind and the id of one.</p>
          <label>
            Kind{' '}
            <select value={type} onChange={(event) => setType(event.currentTarget.value)}>
              {types.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>{' '}
          <label>
            Id <input value={id} required onInput={(event) => setId(event.currentTarget.value)} />
          </label>{' '}
          <button type="submit" class="button button-primary">
            Show its history
          </button>
        </form>
      )}
    </div>
  );
}
