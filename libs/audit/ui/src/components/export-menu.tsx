import { useState } from 'preact/hooks';
import { toProblem } from '../api/problem.js';
import { saveAs } from '../api/save-as.js';
import { type Filters, writeFilters } from '../routing/filters.js';
import { useViewer } from '../state/viewer-context.js';
import { Icon } from './icon.js';

const FORMATS = [
  ['ndjson', 'NDJSON, lossless'],
  ['csv', 'CSV, for spreadsheets'],
] as const;

/** Downloads what the filters ask for; not there for readers who may not. */
export function ExportMenu({ filters }: { readonly filters: Filters }) {
  const { access, announce, api, settings } = useViewer();
  const [status, setStatus] = useState('');
  if (!access.permissions.export) return null;
  const download = async (event: MouseEvent, format: string, href: string): Promise<void> => {
    // Without headers of the app the browser downloads by itself, in a stream.
    if (settings.hook === undefined) return;
    event.preventDefault();
    setStatus('Exporting…');
    try {
      const query = exportQuery(filters, format);
      const response = await api.open('export', query, { accept: '*/*' });
      saveAs(await response.blob(), `audit-trail.${format}`);
      setStatus('');
      announce('Export finished');
    } catch (error) {
      setStatus(`${toProblem(error).message} (${href})`);
    }
  };
  return (
    <details class="menu">
      <summary class="button">
        <Icon name="download" /> Export
      </summary>
      <div class="menu-body">
        {FORMATS.map(([format, text]) => {
          const href = api.url('export', exportQuery(filters, format));
          return (
            <a key={format} href={href} download onClick={(event) => void download(event, format, href)}>
              {text}
            </a>
          );
        })}
        {status !== '' && <p role="status">{status}</p>}
      </div>
    </details>
  );
}

function exportQuery(filters: Filters, format: string): URLSearchParams {
  const query = writeFilters(filters);
  query.set('format', format);
  return query;
}
