import { DEMO_USERS } from '../database/demo-data.js';
import { escapeHtml } from './html-page.js';

/** Signs somebody in of whom the token is known: everybody here, since the data are for trying out. @param path to go to then */
export function signInForm(path: string, { token, label }: { token?: string; label: string }): string {
  const field =
    token === undefined
      ? '<label>Token <input name="token" type="password" autocomplete="current-password" required autofocus></label>'
      : `<input name="token" type="hidden" value="${escapeHtml(token)}">`;
  return `<form method="post" action="/login">
<input name="return" type="hidden" value="${escapeHtml(path)}">
${field}
<button>${escapeHtml(label)}</button>
</form>`;
}

/** One button for each of the people of the demo. */
export function demoSignIns(path: string): string {
  return DEMO_USERS.map(({ name, token }) => signInForm(path, { token, label: `Sign in as ${name}` })).join(
    '\n',
  );
}
