import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { httpPlatforms } from '../../support/http-platforms.js';
import { CHANGES } from '../../support/trail.js';
import { OpenWork } from './open-work.js';
import { type LoadGoal, sendWritings } from './request-load.js';
import { bootSoakApp, type SoakApp } from './soak-app.js';

const { AUDIT_SOAK_CHANGES, AUDIT_SOAK_SECONDS = '8' } = process.env;

/** On each platform; `npm run test:soak` counts changes, `npm test` seconds. */
const goal: LoadGoal =
  AUDIT_SOAK_CHANGES === undefined
    ? { seconds: Number(AUDIT_SOAK_SECONDS) / httpPlatforms.length }
    : { changes: Math.ceil(Number(AUDIT_SOAK_CHANGES) / httpPlatforms.length) };

/** Counts what the payload says against what the revision says, of every change there is. */
const COUNT = `
  select count(*)::int as changes,
    count(distinct split_part(change.after->>'writer', '/', 1))::int as actors,
    count(*) filter (where split_part(change.after->>'writer', '/', 1) is distinct from
      coalesce(revision.on_behalf_of->>'id', revision.actor_id))::int as mismatches
  from ${CHANGES} change join audit_change revision on revision.id = change.of_revision`;

describe.each(httpPlatforms)('the actor of every change on %s', (platform, adapter) => {
  let soak: SoakApp;

  beforeAll(async () => {
    soak = await bootSoakApp(adapter());
  });
  afterAll(() => soak.close());

  it(
    `is the one that made it (${JSON.stringify(goal)})`,
    async () => {
      const started = performance.now();
      const { port } = soak.app.getHttpServer().address() as AddressInfo;
      const sent = await sendWritings(port, goal);
      await soak.app.get(OpenWork).allDone();
      const [counted] = await soak.app.get(MikroORM).em.fork().getConnection().execute(COUNT);
      const seconds = Math.round((performance.now() - started) / 1_000);
      process.stderr.write(`\n${platform}: ${JSON.stringify(counted)} in ${seconds} s\n`);
      expect(counted).toEqual({ ...sent, mismatches: 0 });
    },
    4 * 60 * 60_000,
  );
});
