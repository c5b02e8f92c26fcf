import { describe, expect, it } from '@jest/globals';
import { AuditBaseline } from 'nestjs-mikro-audit';
import type { Page } from 'playwright-core';
import { openBench } from './bench.js';
import { READING } from './viewer-app.js';

/** Looks again until the page says how the check stands. */
async function untilVerdict(page: Page, verdict: string): Promise<void> {
  const ready = () => page.locator('.coverage-figures').waitFor();
  await ready();
  while ((await page.locator('.coverage-cards .tag', { hasText: verdict }).count()) === 0) {
    await page.reload();
    await ready();
  }
}

describe('the coverage in the viewer', () => {
  const bench = openBench({ options: { check: { every: 1 } } });
  const run = (sql: string) => bench.app.orm.em.fork().execute(sql);

  it('says what is audited, what to look into, and that the app has found trail and tables to agree', async () => {
    await bench.visit('', async (page) => {
      await page.getByRole('link', { name: 'Coverage' }).click();
      await untilVerdict(page, 'Clean');
      await page.getByText('driver-blind').waitFor();
      await page.locator('summary', { hasText: 'job' }).first().click();
      await page.locator('details[open] .coverage-fate-name', { hasText: 'recorded' }).waitFor();
    });
  });

  it('says so when something has been written past it, without what it was', async () => {
    await run(`update job set title = 'Forged'; drop index audit_change_type_idx`);
    await bench.visit('coverage', async (page) => {
      await untilVerdict(page, 'Something is wrong');
      await page.getByText('index-missing').waitFor();
      await page.locator('.coverage-found', { hasText: 'values that differ' }).first().waitFor();
      expect(await page.locator('body').innerText()).not.toMatch(/Forged/);
    });
  });

  it('is neither shown nor asked for without its permission', async () => {
    await bench.visit(
      'coverage',
      async (page) => {
        await page.getByText('You may not see the coverage').waitFor();
        expect(await page.getByRole('link', { name: 'Coverage' }).count()).toBe(0);
      },
      { access: READING },
    );
  });

  it('tells a baseline from a creation, in the story and in who set what', async () => {
    await bench.app.oracle.forget();
    await bench.app.app.get(AuditBaseline).run();
    await bench.visit('entities/job/J-1', async (page) => {
      await page.locator('.operation-baseline', { hasText: 'found' }).first().waitFor();
      expect(await page.locator('.operation-create').count()).toBe(0);
    });
    await bench.visit('entities/job/J-1?view=blame', async (page) => {
      await page
        .getByText(/^since before/)
        .first()
        .waitFor();
      expect(await page.getByText('when created').count()).toBe(0);
    });
  });
});
