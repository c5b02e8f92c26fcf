import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { isSoak } from '../support/soak.js';
import type { Bench } from './bench.js';
import { HOSTILE_TEXTS } from './hostile-texts.js';
import { READING, type ViewerApp } from './viewer-app.js';
import { Job, Part } from './workshop.js';
import { act } from './workshop-story.js';

/** Stores every text wherever a text can be: values, keys, ids, labels, actor, intent, metadata, origin. */
async function store(app: ViewerApp, text: string, index: number): Promise<void> {
  const actor = { type: 'user', id: text, label: text } as const;
  const values = { action: text, reason: text, metadata: { [text]: text }, origin: { userAgent: text } };
  await act(app, { actor, onBehalfOf: actor, ...values }, async (em) => {
    const job = em.create(Job, { id: text, title: text, notes: text, margin: text, data: keyed(text) });
    em.create(Part, { id: 1000 + index, name: text, job });
  });
  await act(app, { actor }, async (em) => {
    const job = await em.findOneOrFail(Job, text);
    job.notes = `${text} ${text}`;
    job.data = keyed(`${text}!`);
  });
}

/** An object that has the text as a key, whatever it is. */
function keyed(text: string): unknown {
  return Object.fromEntries([
    [text, { [text]: [text] }],
    ['x', text],
  ]);
}

/** Sends the texts as a browser of somebody else would: in the headers of a request. */
async function sendHeaders(app: ViewerApp, text: string, id: string): Promise<void> {
  const url = new URL('../../../jobs', app.page.replace(/admin\/trail\/ui\/$/, 'a/b/c/'));
  const headers = {
    'content-type': 'application/json',
    'user-agent': text,
    'x-request-id': text,
    referer: text,
    'x-forwarded-for': text,
  };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ id, title: text }) });
  expect(response.status).toBe(201);
}

const wasRun = (page: Page): Promise<unknown> =>
  page.evaluate(() => (globalThis as { wasRun?: unknown }).wasRun);

/** Data is data: nothing of it is run, loaded or followed. */
export function hostileFlows(bench: Bench): void {
  describe('hostile texts', () => {
    it('in values, keys, ids, actors and headers are shown as they are, and nothing of them runs', async () => {
      for (const [index, text] of HOSTILE_TEXTS.entries()) {
        await store(bench.app, text, index);
        // Header values are bytes; what fetch refuses cannot arrive either.
        if (/^[\x20-\x7e]*$/.test(text)) await sendHeaders(bench.app, text, `header-${index}`);
      }
      await bench.visit(
        '?entity=job',
        async (page) => {
          const root = page.url().split('?')[0] ?? '';
          const entries = page.locator('.entry');
          await entries.first().waitFor();
          const more = page.locator('.load-more');
          while (await more.isVisible()) {
            const known = await entries.count();
            await more.click();
            await entries.nth(known).waitFor();
          }
          await page.locator('.entry-toggle').evaluateAll((toggles: readonly { click(): void }[]) => {
            for (const toggle of toggles) toggle.click();
          });
          await page.locator('.entry-toggle[aria-expanded=false]').first().waitFor({ state: 'detached' });
          expect(await wasRun(page)).toBeUndefined();
          for (const text of HOSTILE_TEXTS.filter((_, index) => isSoak || index % 5 === 0)) {
            const segment = text === '..' ? text : encodeURIComponent(text);
            await page.goto(`${root}entities/job/${segment}`);
            await page.locator('.change-card').first().waitFor();
            const heading = await page.getByRole('heading', { level: 1 }).innerText();
            expect(heading).toBe(text.replace('\u202e', '[U+202E]').replace('\u202c', '[U+202C]'));
            // Nowhere on the page does one text look like another one.
            expect(await page.innerText('body')).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
            expect(await page.title()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
          }
          const text = HOSTILE_TEXTS[0] ?? '';
          for (const view of ['past', 'compare', 'blame']) {
            await page.goto(`${root}entities/job/${encodeURIComponent(text)}?view=${view}`);
            await page.locator('table').first().waitFor();
          }
          await page.goto(
            `${root}?text=${encodeURIComponent(text)}&actor=user:${encodeURIComponent(text)}&action=${encodeURIComponent(text)}`,
          );
          await page.locator('.chip').first().waitFor();
          expect(await wasRun(page)).toBeUndefined();
        },
        { access: READING },
      );
    }, 300_000);
  });
}
