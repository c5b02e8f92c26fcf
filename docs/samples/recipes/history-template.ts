import { type ShownChange, shown, who } from './history-text.js';

// #region template
/** Everything that goes into the template goes through here: nothing of the trail is ever markup. */
function html(parts: TemplateStringsArray, ...values: readonly (string | SafeHtml)[]): SafeHtml {
  const text = values.map((value) => (value instanceof SafeHtml ? value.text : escaped(value)));
  return new SafeHtml(String.raw({ raw: parts }, ...text));
}

class SafeHtml {
  constructor(readonly text: string) {}
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": '#39',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&${ENTITIES[character]};`);
}

const all = (parts: readonly SafeHtml[]) => new SafeHtml(parts.map(({ text }) => text).join('\n'));

export function historyPage(changes: readonly ShownChange[]): string {
  const rows = changes.flatMap(({ operation, fields, revision }) =>
    fields.map(
      ({ path, before, after }) =>
        html`<tr title="${operation}"><td>${revision.recordedAt}</td><td>${who(revision)}</td><td>${path}</td><td>${shown(before)}</td><td>${shown(after)}</td></tr>`,
    ),
  );
  return html`<table>${all(rows)}</table>`.text;
}
// #endregion
