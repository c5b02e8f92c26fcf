import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { Bench } from './bench.js';
import { READING } from './viewer-app.js';
import { Job } from './workshop.js';
import { ADA, act, change } from './workshop-story.js';

/** What arrives, what is counted, what is taken along and what is taken back. */
export function writingFlows(bench: Bench): void {
  describe('live', () => {
    it('announces new revisions, and shows them only when asked, without moving what is read', async () => {
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

    it('says on the page of an entity that its story has gone on', async () => {
      await bench.visit('entities/job/J-1', async (page) => {
        await page.getByText('Live', { exact: true }).waitFor();
        await page.locator('.entry').first().waitFor();
        await change(bench.app, { actor: ADA, action: 'job.recheck' }, (job) => {
          job.done = false;
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
    it('gives what the filters ask for, and is not offered to those who may not', async () => {
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

  describe('restore', () => {
    it('shows its plan, takes a reason, and leads to the revision that it is', async () => {
      await bench.visit(
        'entities/job/J-1?view=past&at=1',
        async (page) => {
          await page.getByRole('button', { name: 'Restore this version' }).click();
          const dialog = page.getByRole('dialog', { name: 'Restore version 1 of job J-1' });
          await dialog.getByRole('row', { name: /^price\s+180.00\s+120.00/ }).waitFor();
          await dialog.getByLabel('Reason, kept in the trail').fill('Agreed price');
          await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
          await page.getByRole('heading', { level: 1, name: /^Revision #/ }).waitFor();
          await page.getByText('Agreed price').waitFor();
          await page.getByRole('row', { name: /^price\s+180.00\s+120.00/ }).waitFor();
        },
        { access: RESTORING },
      );
      const job = await bench.app.orm.em.fork().findOneOrFail(Job, 'J-1');
      expect(job.price).toBe('120.00');
    });

    it('shows conflicts, and restores in spite of them only when they are accepted', async () => {
      await act(bench.app, { actor: ADA }, async (em) => {
        (await em.findOneOrFail(Job, 'J-1')).title = 'Pump 3a';
      });
      await act(bench.app, { actor: ADA }, async (em) => {
        (await em.findOneOrFail(Job, 'J-1')).title = 'Pump 3b';
      });
      const [, undone] = (await bench.app.reader.history(Job, 'J-1', { limit: 2 })).items;
      await bench.visit(
        `revisions/${undone?.revision.id}`,
        async (page) => {
          await page.getByRole('button', { name: 'Undo this revision' }).click();
          const dialog = page.getByRole('dialog');
          const restore = dialog.getByRole('button', { name: 'Restore', exact: true });
          await dialog.getByText('In the way').waitFor();
          expect(await restore.isDisabled()).toBe(true);
          await dialog.getByRole('checkbox').check();
          await dialog.getByText('Accepted').waitFor();
          await restore.click();
          await page.getByRole('row', { name: /^title\s+Pump 3b\s+Pump 3/ }).waitFor();
        },
        { access: RESTORING },
      );
    });
  });
}

const RESTORING = { ...READING, actions: [...READING.actions, 'restore'] } as const;
