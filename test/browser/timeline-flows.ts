import { describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Bench } from './bench.js';
import { READING } from './viewer-app.js';

/** Flows on the timeline. */
export function timelineFlows(bench: Bench): void {
  describe('timeline', () => {
    it('shows revisions by day, with who, why and the values that changed', async () => {
      await bench.visit('', async (page) => {
        await page.getByRole('heading', { level: 2, name: /^Today/ }).waitFor();
        const priced = page.getByRole('listitem').filter({ hasText: 'job.price' }).first();
        expect(await priced.innerText()).toMatch(
          /Ben Okri[\s\S]*changed[\s\S]*Pump 3[\s\S]*price 120.00 → 180.00/,
        );
        const text = await page.getByRole('main').innerText();
        expect(text).toMatch(/nightly-prices[\s\S]*for Ben Okri/);
        expect(text).toContain('Twice by mistake');
        expect(text).toMatch(/margin hidden/);
        expect(await page.title()).toBe('Timeline · Workshop & "Sons" <b>');
      });
    });

    it('opens the values of a revision in place', async () => {
      await bench.visit('', async (page) => {
        await page.getByRole('button', { name: /Show values of revision 8$/ }).click();
        const row = page.getByRole('row', { name: /^price/ });
        expect(await row.innerText()).toBe('price\t120.00\t180.00');
        expect(await page.getByRole('row', { name: /^account/ }).innerText()).toContain('…2051');
        expect(await page.getByRole('row', { name: /^margin/ }).innerText()).toContain('not shown to you');
      });
    });

    it('has its filters in the URL, so that back, forward and a copy of the URL work', async () => {
      await bench.visit('', async (page) => {
        await expectCount(page, 5);
        await page.getByLabel('part', { exact: true }).check();
        await expectCount(page, 2);
        expect(new URL(page.url()).search).toBe('?entity=part');
        await page.getByRole('group', { name: 'Operation' }).getByLabel('update').check();
        await expectCount(page, 1);
        expect(new URL(page.url()).search).toBe('?entity=part&operation=update');

        await page.goBack();
        await expectCount(page, 2);
        expect(await page.getByLabel('update', { exact: true }).isChecked()).toBe(false);
        await page.goForward();
        await expectCount(page, 1);
        await page.reload();
        await expectCount(page, 1);
        expect(await page.getByRole('list', { name: 'Active filters' }).innerText()).toMatch(
          /Entity\s+part[\s\S]*Operation\s+update/,
        );

        await page.getByRole('button', { name: 'Remove filter Entity part' }).click();
        await expectCount(page, 3);
        await page.getByRole('button', { name: 'Clear all' }).click();
        await expectCount(page, 5);
      });
    });

    it('finds by actor, property, condition on a value, and text', async () => {
      await bench.visit(
        '?entity=job&property=notes',
        async (page) => {
          await page
            .locator('.entry', { hasText: 'nightly-prices' })
            .getByText('skills + painting')
            .waitFor();
          await page.goto(`${page.url().split('?')[0]}?entity=job`);
          await page.getByText('Value condition', { exact: true }).first().click();
          await page.getByLabel('Property', { exact: true }).selectOption('price');
          await page.getByLabel('Condition', { exact: true }).selectOption('gte');
          await page.getByLabel('Value to compare with').fill('150');
          await page.getByLabel('Value to compare with').press('Enter');
          await page.getByRole('button', { name: 'Add condition' }).click();
          await page.getByRole('list', { name: 'Active filters' }).getByText('price becomes ≥ 150').waitFor();
          await expectCount(page, 1);
          await page.getByRole('button', { name: 'Clear all' }).click();

          await page.getByLabel('Search values and labels').fill('viton');
          await page.getByLabel('Search values and labels').press('Enter');
          await expectCount(page, 1);
          expect([...new URL(page.url()).searchParams.keys()]).toEqual(['from', 'until', 'text']);
        },
        { access: READING },
      );
    });

    it('is not offered to who may only look single things up, and asks for nothing that would be refused', async () => {
      await bench.visit(
        '',
        async (page) => {
          await page.getByRole('heading', { name: 'Look something up' }).waitFor();
          expect(await page.getByRole('navigation', { name: 'Main' }).count()).toBe(0);
          await page.getByLabel('Kind').selectOption('job');
          await page.getByLabel('Id', { exact: true }).fill('J-1');
          await page.getByRole('button', { name: 'Show its history' }).click();
          await page.getByRole('heading', { level: 1, name: 'Pump 3' }).waitFor();
          expect(page.url()).toMatch(/entities\/job\/J-1$/);
        },
        {
          access: {
            permissions: ['history', 'values'],
            entities: { job: { within: 'all' }, part: { within: 'all' } },
          },
        },
      );
    });

    it('unfolds its filters below the title on a phone, and folds them away above the results', async () => {
      await bench.visit(
        '',
        async (page) => {
          const panel = page.getByRole('complementary', { name: 'Filter the timeline' });
          await page.locator('.entry').first().waitFor();
          expect(await panel.isVisible()).toBe(false);
          await page.getByRole('button', { name: 'Filters' }).click();
          await panel.getByLabel('part', { exact: true }).check();
          await expectCount(page, 2);
          const title = await page.getByRole('heading', { level: 1 }).boundingBox();
          expect((await panel.boundingBox())?.y).toBeGreaterThan(title?.y ?? Number.POSITIVE_INFINITY);
          await page.getByRole('button', { name: 'Show the timeline' }).click();
          await panel.waitFor({ state: 'hidden' });
          await page.getByRole('button', { name: 'Filters (1)' }).waitFor();
          expect(await page.evaluate('document.activeElement?.id')).toBe('page-title');
        },
        { viewport: { width: 390, height: 844 } },
      );
    });

    it("shows the server's message about an invalid filter, and says when nothing matches", async () => {
      await bench.visit('?action=nothing.like.this', async (page) => {
        await page.getByText('No revision matches these filters').waitFor();
        await page.getByRole('button', { name: 'Clear all filters' }).click();
        await page.locator('.entry').first().waitFor();
      });
    });

    it('can be walked through with the keyboard alone', async () => {
      await bench.visit('', async (page) => {
        await page.locator('.entry').first().waitFor();
        await page.keyboard.press('Tab');
        expect(await page.evaluate('document.activeElement?.textContent?.trim()')).toBe('Skip to content');
        await page.keyboard.press('j');
        await page.keyboard.press('j');
        await page.keyboard.press('Enter');
        await page.locator('.entry').nth(1).getByRole('table').first().waitFor();
        await page.keyboard.press('k');
        expect(
          await page.evaluate(
            "document.activeElement?.closest('.entry') === document.querySelector('.entry')",
          ),
        ).toBe(true);

        await page.keyboard.press('?');
        const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
        await help.waitFor();
        for (let stop = 0; stop < 6; stop++) {
          await page.keyboard.press('Tab');
          expect(
            await page.evaluate(
              "document.activeElement === document.body || document.activeElement?.closest('dialog') !== null",
            ),
          ).toBe(true);
        }
        await page.keyboard.press('Escape');
        await help.waitFor({ state: 'detached' });

        // The page hears keys again a moment after the dialog has gone.
        do await page.keyboard.press('/');
        while ((await page.evaluate('document.activeElement?.id')) !== 'filter-text');
        await page.keyboard.press('Escape');
        await page.evaluate('document.activeElement.blur()');
        await pressUntil(page, ['g', 'a'], page.getByRole('heading', { level: 1, name: 'Activity' }));
      });
    });

    it('has no shortcuts for those who switch them off', async () => {
      await bench.visit('', async (page) => {
        await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
        await page.getByLabel('Use shortcuts').uncheck();
        await page.reload();
        await page.locator('.entry').first().waitFor();
        await page.keyboard.press('?');
        // A dialog that the key had opened would keep the button from being clicked.
        await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
        expect(await page.getByLabel('Use shortcuts').isChecked()).toBe(false);
      });
    });

    it('remembers light and dark', async () => {
      await bench.visit('', async (page) => {
        const ground = (): Promise<unknown> =>
          page.evaluate('getComputedStyle(document.body).backgroundColor');
        const light = await ground();
        await page.getByRole('button', { name: 'Colors: as the system' }).click();
        await page.getByRole('button', { name: 'Colors: light' }).click();
        await page.getByRole('button', { name: 'Colors: dark' }).waitFor();
        await page.locator('html[data-theme=dark]').waitFor();
        const dark = await ground();
        expect(dark).not.toBe(light);
        await page.reload();
        await page.locator('.entry').first().waitFor();
        expect(await ground()).toBe(dark);
      });
    });

    it('shows a sign-in to readers whose session has ended, and leads them back', async () => {
      await bench.visit(
        '?entity=job',
        async (page) => {
          await page.locator('.entry').first().waitFor();
          await page.context().clearCookies();
          await page.getByLabel('part', { exact: true }).check();
          await page.getByText('You are not signed in').waitFor();
          const href = await page.getByRole('link', { name: 'Sign in' }).getAttribute('href');
          expect(new URL(href ?? '').searchParams.get('return')).toMatch(
            /\/admin\/trail\/ui\/\?entity=job&entity=part$/,
          );
        },
        { expects: [/401/] },
      );
    });
  });
}

/** Waits until the list has so many; between two lists it has none for a while. */
async function expectCount(page: Page, count: number): Promise<void> {
  const entries = './/li[contains(concat(" ", @class, " "), " entry ")]';
  await page.locator(`xpath=//main[count(${entries}) = ${count}]`).waitFor();
}

/** Presses keys until the page has heard them: on a busy machine the pause between two may be longer than a person's. */
async function pressUntil(page: Page, keys: readonly string[], wanted: Locator): Promise<void> {
  do for (const key of keys) await page.keyboard.press(key);
  while (!(await appears(wanted)));
}

async function appears(locator: Locator): Promise<boolean> {
  return locator.waitFor({ timeout: 2_000 }).then(
    () => true,
    () => false,
  );
}
