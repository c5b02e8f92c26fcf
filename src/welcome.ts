import type { AuditLog } from './audit-log/audit-log.js';
import { DEMO_USERS } from './database/demo-data.js';

/**
 * The page after `npm start`: where things are, and something to paste.
 * @param wanted the port that was asked for
 */
export function welcome(url: string, wanted: number, { trust, checkpoints }: AuditLog): string {
  const [anna, boris] = DEMO_USERS;
  const change = (user: { token: string }, json: string): string =>
    `curl -s -X PATCH ${url}/work-orders/1 -H 'authorization: Bearer ${user.token}' -H 'content-type: application/json' -d '${json}'`;
  const { port } = new URL(url);
  const moved =
    wanted === 0 || port === String(wanted)
      ? ''
      : `\nSomething else uses port ${wanted}, so the app is on ${port}. PORT names another one.\n`;
  return `${moved}
Work orders   ${url}
OpenAPI       ${url}/docs
Audit trail   ${url}/audit/ui/ with the token ${anna.token}

Change a work order as ${anna.name}, change it as ${boris.name}, see who changed what:

${change(anna, '{"price":"525.50","status":"in-progress"}')}
${change(boris, '{"price":"610.00","scheduledAt":"2027-01-14T06:00:00Z"}')}
curl -s '${url}/work-orders/1/history?limit=2' -H 'authorization: Bearer ${anna.token}'

Prove that nobody has changed the trail behind the app:

npm run -s audit:verify -- --trust ${trust} --checkpoint ${checkpoints}
`;
}
