import { describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import type { Bench } from './bench.js';
import { READING, type ViewerApp } from './viewer-app.js';
import { Job, Part } from './workshop.js';
import { ADA, act } from './workshop-story.js';

const RESTORING = { ...READING, permissions: [...READING.permissions, 'restore'] } as const;

async function createJob(app: ViewerApp, id: string): Promise<void> {
  await act(app, { actor: ADA }, async (em) => {
    const job = em.create(Job, { id, title: 'Lathe', price: '50.00' });
    em.create(Part, { id: Number(id.replace('J-', '')), name: 'Belt', job: ref(job) });
  });
}

/** The revision that created a job. */
async function firstRevision(app: ViewerApp, id: string): Promise<string> {
  const { items } = await app.reader.history(Job, id);
  return items.at(-1)?.revision.id ?? '';
}

/** Flows that restore. */
export function restoreFlows(bench: Bench): void {
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
          await dialog.getByText('In the way: Changed since').waitFor();
          await dialog.getByText(/^title of job J-1, by Ada Lovelace/).waitFor();
          expect(await restore.isDisabled()).toBe(true);
          await dialog.getByLabel('Overwrite what was changed since').check();
          await dialog.getByText('Accepted: Changed since').waitFor();
          await restore.click();
          await page.getByRole('row', { name: /^title\s+Pump 3b\s+Pump 3/ }).waitFor();
        },
        { access: RESTORING },
      );
    });

    it('sets back only the properties that are chosen', async () => {
      await createJob(bench.app, 'J-10');
      await act(bench.app, { actor: ADA }, async (em) => {
        const job = await em.findOneOrFail(Job, 'J-10');
        job.title = 'Lathe, new';
        job.price = '90.00';
      });
      await bench.visit(
        `entities/job/J-10?view=past&at=${await firstRevision(bench.app, 'J-10')}`,
        async (page) => {
          await page.getByRole('button', { name: 'Restore this version' }).click();
          const dialog = page.getByRole('dialog');
          await dialog.getByRole('status').getByText('1 entity is changed back.').waitFor();
          const title = dialog.getByRole('row', { name: /^title/ });
          await title.waitFor();
          // By keys: the focus stays where it is while another plan is made.
          await dialog.getByLabel('title', { exact: true }).press('Space');
          await title.waitFor({ state: 'detached' });
          expect(await page.evaluate('document.activeElement?.parentElement?.textContent')).toBe('title');
          await dialog.getByLabel('price', { exact: true }).press('Space');
          await dialog.getByText('Choose at least one property.').waitFor();
          expect(await dialog.getByRole('button', { name: 'Restore', exact: true }).isDisabled()).toBe(true);
          await dialog.getByLabel('price', { exact: true }).press('Space');
          await dialog.getByRole('row', { name: /^price\s+90.00\s+50.00/ }).waitFor();
          await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
          await page.getByRole('heading', { level: 1, name: /^Revision #/ }).waitFor();
        },
        { access: RESTORING },
      );
      const job = await bench.app.orm.em.fork().findOneOrFail(Job, 'J-10');
      expect(job).toMatchObject({ title: 'Lathe, new', price: '50.00' });
    });

    it('takes its parts along on request', async () => {
      await createJob(bench.app, 'J-11');
      await act(bench.app, { actor: ADA }, async (em) => {
        (await em.findOneOrFail(Job, 'J-11')).price = '90.00';
        (await em.findOneOrFail(Part, { job: { id: 'J-11' } })).name = 'Belt, wide';
      });
      await bench.visit(
        `entities/job/J-11?view=past&at=${await firstRevision(bench.app, 'J-11')}`,
        async (page) => {
          await page.getByRole('button', { name: 'Restore this version' }).click();
          const dialog = page.getByRole('dialog');
          await dialog.getByText('1 entity is changed back.').waitFor();
          await dialog.getByLabel('Also what belongs to it').check();
          await dialog.getByText('2 entities are changed back.').waitFor();
          await dialog.getByRole('row', { name: /^name\s+Belt, wide\s+Belt/ }).waitFor();
          await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
          await page.getByRole('heading', { level: 1, name: /^Revision #/ }).waitFor();
          await page.getByText('2 changes').waitFor();
        },
        { access: RESTORING },
      );
      const part = await bench.app.orm.em.fork().findOneOrFail(Part, { job: { id: 'J-11' } });
      expect(part.name).toBe('Belt');
    });

    it('is refused when somebody was faster, and shows what it would do now', async () => {
      await createJob(bench.app, 'J-12');
      await act(bench.app, { actor: ADA }, async (em) => {
        (await em.findOneOrFail(Job, 'J-12')).price = '90.00';
      });
      await bench.visit(
        `entities/job/J-12?view=past&at=${await firstRevision(bench.app, 'J-12')}`,
        async (page) => {
          await page.getByRole('button', { name: 'Restore this version' }).click();
          const dialog = page.getByRole('dialog');
          await dialog.getByRole('row', { name: /^price\s+90.00/ }).waitFor();
          await act(bench.app, { actor: ADA }, async (em) => {
            (await em.findOneOrFail(Job, 'J-12')).price = '95.00';
          });
          await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
          await dialog.getByRole('alert').waitFor();
          await dialog.getByRole('button', { name: 'Try again' }).click();
          await dialog.getByRole('row', { name: /^price\s+95.00\s+50.00/ }).waitFor();
        },
        { access: RESTORING, expects: [/409/] },
      );
      expect((await bench.app.orm.em.fork().findOneOrFail(Job, 'J-12')).price).toBe('95.00');
    });
  });
}
