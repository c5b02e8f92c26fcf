import { beforeAll, describe, expect, it } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { evidence, MemoryPublisher, newKey } from '../integration/evidence/sealing-app.js';
import { seal } from '../support/sequenced.js';
import { isSoak } from '../support/soak.js';
import { openBench } from './bench.js';

const PAGES: readonly (readonly [path: string, ready: string])[] = [
  ['', '.entry'],
  ['?entity=job&action=nothing', '.state'],
  ['activity', '.chart'],
  ['coverage', '.coverage-figures'],
  ['entities/job/J-1', '.entry'],
  ['entities/job/J-1?view=past', '.state-table'],
  ['entities/job/J-1?view=compare', '.fields'],
  ['entities/job/J-1?view=blame', '.state-table'],
  ['revisions/1', '.seal'],
  ['revisions/8', '.seal'],
  ['no/such/page', '.state'],
];

type ColorScheme = 'light' | 'dark';

/** Colors do not depend on the width, nor does the layout on colors: `npm test` tries each with one of the other. */
const SCREENS: readonly (readonly [
  name: string,
  viewport: { readonly width: number; readonly height: number },
  schemes: readonly ColorScheme[],
])[] = [
  ['a desktop', { width: 1280, height: 900 }, isSoak ? ['light', 'dark'] : ['light']],
  ['a phone', { width: 390, height: 844 }, isSoak ? ['light', 'dark'] : ['dark']],
];

/** Rules of axe that a page breaks, in which color scheme and where. */
async function violations(page: Page, schemes: readonly ColorScheme[]): Promise<readonly string[]> {
  if (schemes.length === 0) {
    return [];
  }
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    const results = await page.evaluate<axe.AxeResults>("axe.run({ resultTypes: ['violations'] })");
    for (const { id, nodes } of results.violations) {
      found.push(...nodes.map(({ html }) => `${colorScheme} ${id}: ${html}`));
    }
  }
  return found;
}

/** For people who see, hear or move differently, or have a small screen. */
describe('the viewer for everybody', () => {
  const bench = openBench({ options: { evidence: evidence([newKey()], new MemoryPublisher()) } });
  beforeAll(() => seal(bench.app.app));

  describe.each(SCREENS.map((screen, index) => [...screen, index] as const))(
    'on %s',
    (_, viewport, schemes, screen) => {
      /** Everything has its turn on one of the screens. */
      const onScreen = (turn: number): readonly ColorScheme[] =>
        isSoak || turn % SCREENS.length === screen ? schemes : [];

      it('axe finds no violation, and no page scrolls sideways', async () => {
        await bench.visit(
          '',
          async (page) => {
            const found: Record<string, unknown> = {};
            // A page that does not scroll on a phone has no reason to on a desktop.
            const pages = PAGES.map(([path, ready], index) => ({
              path,
              ready,
              turn: onScreen(index),
            })).filter(({ turn }) => viewport.width < 400 || turn.length > 0);
            for (const { path, ready, turn } of pages) {
              await page.goto(bench.app.page + path);
              await page.locator(ready).first().waitFor();
              const overflow = await page.evaluate(
                'document.documentElement.scrollWidth - document.documentElement.clientWidth',
              );
              found[path] = [await violations(page, turn), overflow];
            }
            expect(found).toEqual(Object.fromEntries(pages.map(({ path }) => [path, [[], 0]])));
          },
          { viewport },
        );
      });

      it('axe finds no violation in values, filters, menus and dialogs once they are open', async () => {
        await bench.visit(
          '?entity=job',
          async (page) => {
            await page.locator('.entry-toggle').first().click();
            const filters = page.getByRole('button', { name: /^Filters/ });
            if (await filters.isVisible()) await filters.click();
            await page.getByText('Value condition', { exact: true }).first().click();
            await page.getByText('More', { exact: true }).click();
            await page.getByText('Export', { exact: true }).click();
            expect(await violations(page, onScreen(0))).toEqual([]);
            await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
            await page.getByRole('dialog').waitFor();
            expect(await violations(page, onScreen(1))).toEqual([]);
            await page.goto(`${bench.app.page}entities/job/J-1?view=past&at=1`);
            await page.getByRole('button', { name: 'Restore this version' }).click();
            await page.getByRole('dialog').locator('.change-card').waitFor();
            expect(await violations(page, onScreen(0))).toEqual([]);
          },
          { viewport },
        );
      });
    },
  );

  it('nothing moves for users who prefer reduced motion', async () => {
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
