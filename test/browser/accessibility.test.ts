import { describe, expect, it } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { openBench } from './bench.js';

const PAGES: readonly (readonly [path: string, ready: string])[] = [
  ['', '.entry'],
  ['?entity=job&action=nothing', '.state'],
  ['activity', '.chart'],
  ['entities/job/J-1', '.entry'],
  ['entities/job/J-1?view=past', '.state-table'],
  ['entities/job/J-1?view=compare', '.fields'],
  ['entities/job/J-1?view=blame', '.state-table'],
  ['revisions/1', '.change-card'],
  ['no/such/page', '.state'],
];

const WIDTHS = [
  ['a desktop', { width: 1280, height: 900 }],
  ['a phone', { width: 390, height: 844 }],
] as const;

/** Rules of axe that a page breaks in light and in dark, and where. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const results = await page.evaluate<axe.AxeResults>("axe.run({ resultTypes: ['violations'] })");
    for (const { id, nodes } of results.violations) {
      found.push(...nodes.map(({ html }) => `${colorScheme} ${id}: ${html}`));
    }
  }
  return found;
}

/** What people need who see, hear or move differently, or have a small screen. */
describe('the viewer for everybody', () => {
  const bench = openBench();

  describe.each(WIDTHS)('on %s', (_, viewport) => {
    it('axe finds nothing in light and in dark, and nothing has to be scrolled sideways', async () => {
      await bench.visit(
        '',
        async (page) => {
          const found: Record<string, unknown> = {};
          for (const [path, ready] of PAGES) {
            await page.goto(bench.app.page + path);
            await page.locator(ready).first().waitFor();
            const overflow = await page.evaluate(
              'document.documentElement.scrollWidth - document.documentElement.clientWidth',
            );
            found[path] = [await violations(page), overflow];
          }
          expect(found).toEqual(Object.fromEntries(PAGES.map(([path]) => [path, [[], 0]])));
        },
        { viewport },
      );
    });

    it('axe finds nothing in what opens: values, filters, menus and dialogs', async () => {
      await bench.visit(
        '?entity=job',
        async (page) => {
          await page.locator('.entry-toggle').first().click();
          const filters = page.getByRole('button', { name: /^Filters/ });
          if (await filters.isVisible()) await filters.click();
          await page.getByText('Value condition', { exact: true }).first().click();
          await page.getByText('More', { exact: true }).click();
          await page.getByText('Export', { exact: true }).click();
          expect(await violations(page)).toEqual([]);
          await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
          await page.getByRole('dialog').waitFor();
          expect(await violations(page)).toEqual([]);
          await page.goto(`${bench.app.page}entities/job/J-1?view=past&at=1`);
          await page.getByRole('button', { name: 'Restore this version' }).click();
          await page.getByRole('dialog').locator('.change-card').waitFor();
          expect(await violations(page)).toEqual([]);
        },
        { viewport },
      );
    });
  });

  it('nothing moves for those who want no motion', async () => {
    await bench.visit(
      '',
      async (page) => {
        await page.locator('.entry').first().waitFor();
        expect(await page.evaluate('document.getAnimations().length')).toBe(0);
      },
      { reducedMotion: 'reduce' },
    );
  });
});
