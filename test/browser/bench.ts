import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.js';
import { createViewerApp, EVERYTHING, type ViewerApp, type ViewerAppOptions } from './viewer-app.js';
import { type Visitor, WatchedPage } from './watched-page.js';
import { tellStory } from './workshop-story.js';

/** Starts a browser and an app for the tests of a file or a block, and tells the app's story. */
export function openBench(options?: ViewerAppOptions): Bench {
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
  /** Windows that nobody uses, by their options. */
  readonly #idle = new Map<string, WatchedPage>();

  /** @param started asked at each use, because tests are declared before anything has started */
  constructor(private readonly started: () => { readonly app: ViewerApp; readonly browser: Browser }) {}

  get app(): ViewerApp {
    return this.started().app;
  }

  /**
   * Goes to a path below the viewer, in a window without a past, and does something; nothing may go wrong meanwhile.
   * @param options by default of a reader who may do everything
   */
  async visit(
    path: string,
    work: (page: Page) => Promise<void>,
    { access = EVERYTHING, expects = [], ...window }: Partial<Visitor> & BrowserContextOptions = {},
  ): Promise<void> {
    const { app, browser } = this.started();
    const kind = JSON.stringify(window);
    const watched = this.#idle.get(kind) ?? (await WatchedPage.open(browser, app.page, window));
    this.#idle.delete(kind);
    const { page, misdeeds } = watched;
    try {
      await watched.enter({ access, expects });
      await page.goto(app.page + path);
      await work(page);
      expect(misdeeds).toEqual([]);
    } catch (error) {
      // The visible text tells more than a locator that was not found.
      const shown = await page.locator('body').innerText().catch(String);
      await watched.close();
      throw new Error(`At ${page.url()}:\n${shown.slice(0, 1_500)}\n${JSON.stringify(misdeeds)}`, {
        cause: error,
      });
    }
    await watched.leave();
    this.#idle.set(kind, watched);
  }
}
