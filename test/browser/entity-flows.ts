import { describe, expect, it } from '@jest/globals';
import type { Bench } from './bench.js';
import { Skill } from './workshop.js';
import { ADA, act } from './workshop-story.js';

/** Flows on the pages of an entity and of a revision. */
export function entityFlows(bench: Bench): void {
  describe('entity', () => {
    it('shows its story together with that of its parts, and marks the words that changed', async () => {
      await bench.visit('entities/job/J-1', async (page) => {
        await page.getByRole('heading', { level: 1, name: 'Pump 3' }).waitFor();
        await page.getByText('Seal, viton').first().waitFor();
        expect(await page.locator('del').allInnerTexts()).toEqual(['the seal', 'an hour']);
        expect(await page.locator('ins').allInnerTexts()).toEqual(['both seals', 'two hours']);
        expect(await page.getByRole('row', { name: /^data\.pump\.serial/ }).innerText()).toBe(
          'data.pump.serial\tF-1\tF-2',
        );
        expect(
          await page
            .getByRole('row', { name: /^mechanic/ })
            .first()
            .innerText(),
        ).toBe('mechanic\tMia mechanic m1\tNoor mechanic m2');
        await page.getByRole('link', { name: 'Noor' }).first().click();
        await page.getByRole('heading', { level: 1, name: 'Noor' }).waitFor();
        expect(await page.evaluate('document.activeElement?.id')).toBe('page-title');
      });
    });

    it('shows the record as it was, version by version', async () => {
      await bench.visit('entities/job/J-1?view=past', async (page) => {
        const price = page.getByRole('row', { name: /^price/ });
        await page.getByText('Version 3 of 3').waitFor();
        expect(await price.innerText()).toBe('price\t180.00');
        await page.getByRole('slider', { name: 'Version' }).press('Home');
        await page.getByText('Version 1 of 3').waitFor();
        await page.getByRole('row', { name: /^price\s+120.00/ }).waitFor();
        expect(await page.getByRole('slider', { name: 'Version' }).getAttribute('aria-valuetext')).toMatch(
          /^Version 1 of 3, .*Ada Lovelace$/,
        );
        await page.getByRole('button', { name: 'Next version' }).click();
        await page.getByRole('row', { name: /^price changed\s+180.00/ }).waitFor();
        expect(new URL(page.url()).search).toBe('?view=past&at=8');
        await page.keyboard.press('[');
        await page.getByText('Version 1 of 3').waitFor();
        await page.reload();
        await page.getByText('Version 1 of 3').waitFor();
      });
    });

    it('compares any two versions, side by side', async () => {
      await bench.visit('entities/job/J-1?view=compare', async (page) => {
        await page.getByRole('row', { name: /^notes/ }).waitFor();
        await page.getByLabel('From').selectOption({ index: 0 });
        await page.getByRole('row', { name: /^price\s+120.00\s+180.00/ }).waitFor();
        expect(await page.getByRole('columnheader').allInnerTexts()).toEqual([
          'Property',
          'Version 1',
          'Version 3',
        ]);
        await page.getByRole('button', { name: 'Swap both sides' }).click();
        await page.getByRole('row', { name: /^price\s+180.00\s+120.00/ }).waitFor();
        expect(new URL(page.url()).search).toBe('?view=compare&from=9&to=1');
      });
    });

    it('shows who set each value', async () => {
      await bench.visit('entities/job/J-1?view=blame', async (page) => {
        await page.getByRole('row', { name: /^price/ }).waitFor();
        expect(await page.getByRole('row', { name: /^price/ }).innerText()).toMatch(/180.00[\s\S]*Ben Okri/);
        expect(await page.getByRole('row', { name: /^title/ }).innerText()).toMatch(
          /Ada Lovelace[\s\S]*when created/,
        );
      });
    });

    it('marks a deleted entity, and still shows its past', async () => {
      await bench.visit('entities/job/J-2', async (page) => {
        await page.getByRole('heading', { level: 1, name: 'Fan deleted' }).waitFor();
        await page.getByRole('link', { name: 'Time travel' }).click();
        await page.getByText('It did not exist at that time').waitFor();
        await page.getByRole('button', { name: 'Previous version' }).click();
        await page.getByRole('row', { name: /^title\s+Fan/ }).waitFor();
      });
    });

    it('without any record is empty, and of an unknown type a problem', async () => {
      await bench.visit('entities/job/J-9', async (page) => {
        await page.getByText('Nothing has been recorded about this entity').waitFor();
      });
    });
  });

  describe('revision', () => {
    it('shows everything that happened together', async () => {
      await bench.visit('revisions/9', async (page) => {
        await page.locator('.change-card').waitFor();
        await page.getByRole('heading', { level: 1, name: 'Revision #9' }).waitFor();
        const text = await page.getByRole('main').innerText();
        expect(text).toMatch(/nightly-prices[\s\S]*for Ben Okri/);
        expect(text).toMatch(/Metadata[\s\S]*run 2 members[\s\S]*number 7/);
        expect(text).toContain('1 change');
      });
    });

    it('shows many changes some at a time', async () => {
      await act(bench.app, { actor: ADA, action: 'skills.import' }, async (em) => {
        for (let id = 100; id < 630; id++) em.create(Skill, { id, name: `skill no. ${id}` });
      });
      const [imported] = (await bench.app.reader.revisions({ action: 'skills.import' })).items;
      await bench.visit(`revisions/${imported?.id}`, async (page) => {
        await page.getByRole('heading', { level: 2, name: 'More than 500 changes' }).waitFor();
        const cards = page.locator('.change-card');
        await cards.nth(49).waitFor();
        expect(await cards.count()).toBe(50);
        const more = page.getByRole('button', { name: /^Show more changes/ });
        expect(await more.innerText()).toContain('more than 450 left');
        for (let shown = 50; shown < 530; shown += 50) {
          await more.click();
          await cards.nth(Math.min(shown + 49, 529)).waitFor();
        }
        expect(await cards.count()).toBe(530);
        expect(await more.count()).toBe(0);
      });
    });
  });
}
