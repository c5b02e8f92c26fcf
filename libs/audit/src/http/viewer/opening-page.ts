import { createHash } from 'node:crypto';

/** Takes the ticket out of the address before anything else, so that it stays in no history, and sends it where no log has it. */
const SCRIPT = `const ticket = location.hash.slice(1);
history.replaceState(null, '', location.pathname);
fetch('viewer-session', { method: 'POST', headers: { authorization: 'Ticket ' + ticket } }).then(
  (response) => (response.ok ? location.replace('ui/') : Promise.reject()),
).catch(() => {
  document.querySelector('p').textContent = 'This link was used already, or is too old. Open the audit trail from the app again.';
});`;

export const OPENING_PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Audit trail</title></head>
<body><p role="status">Opening the audit trail…</p><script>${SCRIPT}</script></body>
</html>
`;

export const OPENING_PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;
