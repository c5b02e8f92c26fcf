import { useState } from 'preact/hooks';
import { EmptyState } from '../components/page-states.js';
import { PageTitle } from '../components/page-title.js';
import { typeIn } from '../model/access.js';
import { useViewer } from '../state/viewer-context.js';

/** Where a reader begins who may see entities, but not list what has happened. */
export function LookupPage() {
  const { access, navigation } = useViewer();
  const entities = access.entities.filter(({ permissions: actions }) => actions.history);
  const [type, setType] = useState(entities[0]?.type ?? '');
  const [schema, setSchema] = useState('');
  const [id, setId] = useState('');
  const named = typeIn(access, type, schema.trim()) ?? type;
  const open = (event: Event): void => {
    event.preventDefault();
    if (id.trim() !== '') navigation.go({ page: 'entity', type: named, id: id.trim() });
  };
  return (
    <div class="single">
      <div class="page-head">
        <PageTitle title="Look something up" />
      </div>
      {entities.length === 0 ? (
        <EmptyState title="There is nothing that you may look up" />
      ) : (
        <form class="lookup" onSubmit={open}>
          <p class="muted">You may see the history of single things. Give the kind and the id of one.</p>
          <label>
            Kind{' '}
            <select value={type} onChange={(event) => setType(event.currentTarget.value)}>
              {entities.map((one) => (
                <option key={one.type} value={one.type}>
                  {one.type}
                </option>
              ))}
            </select>
          </label>{' '}
          {named !== type && (
            <label>
              Schema{' '}
              <input value={schema} required onInput={(event) => setSchema(event.currentTarget.value)} />{' '}
            </label>
          )}
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
