import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.js';
import { createViewerApp, EVERYTHING, type ViewerApp, type ViewerAppOptions } from './viewer-app.js';
import { openPage, type WatchedPageOptions } from './watched-page.js';
import { tellStory } from './workshop-story.js';

/** Starts a browser and an app for the tests of a file or a block, and tells the app's story. */
export function openBench(options?: ViewerAppOptions): Bench {
  // A busy machine takes its time; what hangs is found by the waits of the page, which say what they waited for.
  jest.setTimeout(180_000);
  let browser: Browser;
  let app: ViewerApp;
  beforeAll(async () => {
    [browser, app] = await Promise.all([launchChromium(), createViewerApp(options)]);
    await tellStory(app);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });
  return new Bench(() => ({ app, browser }));
}

/** The workplace of the flows: one browser and one app for all of them. */
export class Bench {
  /** @param started asked at each use, because tests are declared before anything has started */
  constructor(private readonly started: () => { readonly app: ViewerApp; readonly browser: Browser }) {}

  get app(): ViewerApp {
    return this.started().app;
  }

  /**
   * Opens a window of its own, goes to a path below the viewer and does something; nothing may go wrong meanwhile.
   * @param options by default of a reader who may do everything
   */
  async visit(
    path: string,
    work: (page: Page) => Promise<void>,
    options: Partial<WatchedPageOptions> = {},
  ): Promise<void> {
    const { app, browser } = this.started();
    const { page, misdeeds, close } = await openPage(browser, {
      access: EVERYTHING,
      root: app.page,
      ...options,
    });
    try {
      await page.goto(app.page + path);
      await work(page);
      expect(misdeeds).toEqual([]);
    } catch (error) {
      // The visible text tells more than a locator that was not found.
      const shown = await page.locator('body').innerText().catch(String);
      throw new Error(`At ${page.url()}:\n${shown.slice(0, 1_500)}\n${JSON.stringify(misdeeds)}`, {
        cause: error,
      });
    } finally {
      await close();
    }
  }
}
