import { describe, expect, it } from '@jest/globals';
import { ADAPTERS, createLawFirmApp, EVERYTHING } from './law-firm-app.js';

/** More than sockets and streams hold while nobody reads. */
const LARGE = `insert into audit_change (recorded_at, actor_type, actor_id, action, outcome, reason)
select now() - interval '1 second' * g, 'user', 'u', 'report.print', 'success', repeat('x', 10000)
from generate_series(1, 3000) g`;

describe.each(ADAPTERS)('an app that closes on %s', (adapter) => {
  it('waits for an export that runs, and not for its connection, which is kept', async () => {
    const firm = await createLawFirmApp(adapter);
    await firm.orm.em.getConnection().execute(LARGE);
    const response = await fetch(`${firm.base}/export?action=report.print`, {
      headers: { 'x-access': JSON.stringify(EVERYTHING) },
    });
    const closing = firm.app.close();
    expect(await response.text()).toContain('"actions":3000');
    // For 72 seconds on Fastify; the time limit of the test tells.
    await closing;
    await firm.close();
  }, 30_000);
});
