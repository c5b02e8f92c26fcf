import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { Bench } from './bench.js';
import { READING } from './viewer-app.js';
import { ADA, change } from './workshop-story.js';

/** Flows of new revisions, activity and exports. */
export function writingFlows(bench: Bench): void {
  describe('live', () => {
    it('announces new revisions, and shows them on request only, without moving the page under the reader', async () => {
      await bench.visit('?entity=job', async (page) => {
        await page.getByText('Live', { exact: true }).waitFor();
        const first = page.locator('.entry').first();
        const before = await first.innerText();
        await change(bench.app, { actor: ADA, action: 'job.check' }, (job) => {
          job.done = true;
        });
        await page.getByRole('button', { name: '1 new' }).waitFor();
        expect(await first.innerText()).toBe(before);
        await page.keyboard.press('n');
        await page.locator('.entry-fresh').waitFor();
        expect(await first.innerText()).toMatch(/job\.check[\s\S]*done false → true/);
      });
    });

    it('announces revisions that arrived while the connection was lost', async () => {
      await bench.visit('', async (page) => {
        // The page before has its connection: the next one that is asked for is that of the page below.
        await page.getByText('Live', { exact: true }).waitFor();
        const { promise: arrived, resolve: goOn } = Promise.withResolvers<void>();
        let connections = 0;
        await page.route('**/events', async (route) => {
          connections += 1;
          if (connections === 1) return route.fulfill({ contentType: 'text/event-stream', body: '' });
          await arrived;
          return route.continue();
        });
        await page.goto(`${bench.app.page}?entity=job`);
        await page.locator('.entry').first().waitFor();
        await page.getByText('Not live', { exact: true }).waitFor();
        await change(bench.app, { actor: ADA, action: 'job.meanwhile' }, (job) => {
          job.done = !job.done;
        });
        goOn();
        await page.getByRole('button', { name: '1 new' }).click();
        await page.getByText('job.meanwhile').waitFor();
      });
    });

    it('says on the page of an entity that its story has gone on', async () => {
      await bench.visit('', async (page) => {
        const newest = page.waitForResponse(/J-1\/history-with-parts\?limit=1$/);
        await page.goto(`${bench.app.page}entities/job/J-1`);
        await page.getByText('Live', { exact: true }).waitFor();
        await page.locator('.entry').first().waitFor();
        await newest;
        await change(bench.app, { actor: ADA, action: 'job.recheck' }, (job) => {
          job.done = !job.done;
        });
        await page.getByRole('button', { name: 'Changed since, show' }).click();
        await page.getByText('job.recheck').waitFor();
      });
    });
  });

  describe('activity', () => {
    it('counts per day and entity type, as bars that lead to the day and as a table', async () => {
      await bench.visit('activity', async (page) => {
        const today = page.getByRole('link', { name: /changes \(.*\d+ job/ });
        await today.waitFor();
        await page.getByText('Show as a table').click();
        expect(await page.getByRole('row').count()).toBe(31);
        await today.focus();
        await page.keyboard.press('ArrowLeft');
        expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(
          /: 0 changes$/,
        );
        await today.click();
        await page.getByRole('heading', { level: 1, name: 'Timeline' }).waitFor();
        expect([...new URL(page.url()).searchParams.keys()]).toEqual(['from', 'until']);
        await page.locator('.entry').first().waitFor();
      });
    });
  });

  describe('export', () => {
    it('exports the filtered changes, and is not offered to readers without permission', async () => {
      await bench.visit('?entity=part', async (page) => {
        await page.getByText('Export', { exact: true }).click();
        const download = page.waitForEvent('download');
        await page.getByRole('link', { name: 'NDJSON, lossless' }).click();
        const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
        const rows = lines.map(
          (line) => JSON.parse(line) as { entityType?: string; manifest?: { count: number } },
        );
        expect(rows.slice(0, -1).map(({ entityType }) => entityType)).toEqual(['part', 'part']);
        expect(rows.at(-1)?.manifest?.count).toBe(2);
      });
      await bench.visit(
        '',
        async (page) => {
          await page.locator('.entry').first().waitFor();
          expect(await page.getByText('Export', { exact: true }).count()).toBe(0);
          await page.goto(`${bench.app.page}entities/job/J-1?view=past&at=1`);
          await page.locator('.state-table').waitFor();
          expect(await page.getByRole('button', { name: /^Restore/ }).count()).toBe(0);
        },
        { access: READING },
      );
    });
  });
}
