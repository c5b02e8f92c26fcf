/** @jsxImportSource preact */
// #region list
import { type ShownChange, shown, who } from './history-text.js';

/** React makes text of what stands in braces, so no value is ever markup. Never use dangerouslySetInnerHTML for one. */
export function HistoryList({ changes }: { readonly changes: readonly ShownChange[] }) {
  return (
    <ol>
      {changes.map(({ id, operation, fields, revision }) => (
        <li key={id}>
          <time dateTime={revision.recordedAt}>{new Date(revision.recordedAt).toLocaleString()}</time>{' '}
          {who(revision)}: {operation}
          <ul>
            {fields.map(({ path, before, after }) => (
              <li key={path}>
                {path}: <del>{shown(before)}</del> <ins>{shown(after)}</ins>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
// #endregion
