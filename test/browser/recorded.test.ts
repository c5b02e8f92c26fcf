import { describe, expect, it } from '@jest/globals';
import { AuditRecorder } from 'nestjs-mikro-audit';
import { openBench } from './bench.js';
import { Mechanic } from './workshop.js';
import { ADA, act } from './workshop-story.js';

/** Records without changes, and more than can be counted. Unaudited writes are meant here, so no oracle. */
describe('the viewer of a trail with more than changes', () => {
  const bench = openBench();

  it('shows denied and failed actions, and finds them by their outcome', async () => {
    const record = (action: string, outcome: 'denied' | 'failure') =>
      bench.app.context.run({ actor: ADA, metadata: { invoice: 'I-7' } }, () =>
        bench.app.app.get(AuditRecorder).record({ action, outcome, reason: 'Of no use' }),
      );
    await record('invoice.approve', 'denied');
    await record('invoice.send', 'failure');
    await bench.visit('', async (page) => {
      const refused = page.locator('.entry', { hasText: 'invoice.approve' });
      await refused.waitFor();
      expect(await refused.innerText()).toMatch(
        /Ada Lovelace[\s\S]*denied[\s\S]*Of no use[\s\S]*It was not allowed, and changed nothing\. invoice I-7/,
      );
      await page.getByLabel('Outcome').selectOption({ label: 'failed' });
      await page.getByText('It failed, and changed nothing that is recorded.').waitFor();
      await refused.waitFor({ state: 'detached' });
      expect(new URL(page.url()).search).toBe('?outcome=failure');
      await page.getByRole('button', { name: 'Remove filter Outcome failed' }).waitFor();
      await page
        .locator('.entry')
        .getByRole('link', { name: /^Revision/ })
        .click();
      await page.getByRole('heading', { level: 2, name: 'No changes' }).waitFor();
      await page.getByText('It failed, and changed nothing that is recorded.').waitFor();
    });
  });

  it('shows how long recording was suspended, the writes in between, and who looked', async () => {
    await bench.app.context.run({ actor: ADA }, () =>
      bench.app.context.withoutAuditing({ reason: 'First import' }, () =>
        act(bench.app, {}, async (em) => {
          em.create(Mechanic, { id: 'm9', name: 'Nobody knows' });
        }),
      ),
    );
    const response = await fetch(new URL('../../../jobs/J-1', bench.app.page));
    expect(response.status).toBe(200);
    await bench.visit('', async (page) => {
      await page.getByText('Written meanwhile, without a trace: 1 mechanic.').waitFor();
      await page.getByText('From here on nothing was recorded of what its code wrote.').waitFor();
      await page.getByText('Looked at records; nothing was changed.').waitFor();
    });
  });

  it('shows who read the trail, on request', async () => {
    await bench.visit('entities/job/J-1?view=blame', async (page) => {
      await page.locator('.state-table').waitFor();
      await page.goto(`${bench.app.page}?action=audit.blame`);
      const read = page.locator('.entry', { hasText: 'audit.blame' });
      await read.getByText('Looked at the trail.').waitFor();
      expect(await read.innerText()).toMatch(/entityId J-1\s+entityType job/);
      await page.goto(bench.app.page);
      await page.locator('.entry').first().waitFor();
      expect(await page.getByText('Looked at the trail.').count()).toBe(0);
    });
  });

  it('says where its counting begins when there is more than it counts', async () => {
    await bench.visit('activity', async (page) => {
      await page.locator('.chart').waitFor();
      expect(await page.getByText('more than can be counted').count()).toBe(0);
    });
    await bench.app.orm.em.getConnection().execute(`
      with said as (
        insert into audit_change (recorded_at, actor_type, actor_id, outcome)
        select now() - n * interval '1 day', 'system', 'import', 'success' from generate_series(1, 3) n order by n desc returning id, recorded_at
      )
      insert into audit_change (revision_id, recorded_at, actor_type, actor_id, entity_type, entity_id, operation, after)
      select id, recorded_at, 'system', 'import', 'part', '7', 'create', '{}' from said, generate_series(1, 40000) order by id`);
    await bench.visit('activity', async (page) => {
      await page.getByText(/only changes since .* are shown/).waitFor();
    });
  });
});
