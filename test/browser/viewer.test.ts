import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.js';
import { accessibilityFlows } from './accessibility-flows.js';
import { Bench } from './bench.js';
import { entityFlows } from './entity-flows.js';
import { hostileFlows } from './hostile-flows.js';
import { timelineFlows } from './timeline-flows.js';
import { createViewerApp, type ViewerApp } from './viewer-app.js';
import { tellStory } from './workshop-story.js';
import { writingFlows } from './writing-flows.js';

describe('the viewer in a browser', () => {
  let browser: Browser;
  let app: ViewerApp;

  beforeAll(async () => {
    [browser, app] = await Promise.all([launchChromium(), createViewerApp()]);
    await tellStory(app);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  const bench = new Bench(() => ({ app, browser }));

  timelineFlows(bench);
  entityFlows(bench);
  accessibilityFlows(bench);
  writingFlows(bench);
  hostileFlows(bench);

  it('leaves the trail as it should be', async () => {
    await app.oracle.verify();
  });
});
