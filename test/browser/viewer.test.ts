import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.js';
import { accessibilityFlows } from './accessibility-flows.js';
import { Bench } from './bench.js';
import { entityFlows } from './entity-flows.js';
import { hostileFlows } from './hostile-flows.js';
import { restoreFlows } from './restore-flows.js';
import { timelineFlows } from './timeline-flows.js';
import { createViewerApp, type ViewerApp } from './viewer-app.js';
import { tellStory } from './workshop-story.js';
import { writingFlows } from './writing-flows.js';

// A busy machine takes its time; what hangs is found by the waits of the page, which say what they waited for.
jest.setTimeout(120_000);

describe('the viewer in a browser', () => {
  let browser: Browser;
  let app: ViewerApp;

  beforeAll(async () => {
    [browser, app] = await Promise.all([launchChromium(), createViewerApp()]);
    await tellStory(app);
  });

  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  const bench = new Bench(() => ({ app, browser }));

  timelineFlows(bench);
  entityFlows(bench);
  accessibilityFlows(bench);
  writingFlows(bench);
  restoreFlows(bench);
  hostileFlows(bench);

  it('leaves the trail as it should be', async () => {
    await app.oracle.verify();
  });
});
