// Makes the pictures of the viewer in docs/images: `npm run screenshots`, which builds first. Needs Chromium.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const built = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);
const { startEmbeddedDatabase } = await built('database/embedded-database.js');
const { createApp } = await built('create-app.js');
const { createDemoData, DEMO_USERS } = await built('database/demo-data.js');

const [anna, boris, tariq] = DEMO_USERS;

/** The events, oldest first: how many hours ago, who, which request, why. */
const STORY = [
  [50, anna, 'PATCH', '/work-orders/1', { priority: 'urgent', scheduledAt: '2027-01-11T05:00:00Z' }],
  [
    48,
    boris,
    'POST',
    '/work-orders/1/line-items',
    { description: 'Door seal', quantity: 1, unitPrice: '24.50' },
  ],
  [
    30,
    boris,
    'PATCH',
    '/work-orders/1',
    { price: '525.50', status: 'in-progress' },
    { 'x-reason': 'Second visit, agreed by phone' },
  ],
  [27, anna, 'PATCH', '/work-orders/2', { title: 'Yearly inspection of the boilers and the pump' }],
  [6, anna, 'PATCH', '/work-orders/2', { price: '1310.00' }, { 'x-on-behalf-of': boris.email }],
  [5, tariq, 'PATCH', '/work-orders/2', { price: '1.00' }, { 'x-on-behalf-of': boris.email }, 403],
  [2, boris, 'POST', '/work-orders/2/cancel', { reason: 'The school is closed until spring' }],
  [
    1,
    anna,
    'PATCH',
    '/work-orders/1',
    {
      price: '610.00',
      title: 'Oven 2 does not reach its temperature in the morning',
      customFields: { oven: { maker: 'Thermia', serial: 'T-88121' }, accessFrom: '05:00', gate: 'B' },
    },
  ],
];

async function tellStory(url, database) {
  for (const [hoursAgo, user, method, path, body, more = {}, expected = null] of STORY) {
    const headers = { authorization: `Bearer ${user.token}`, 'content-type': 'application/json', ...more };
    const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
    if (expected === null ? !response.ok : response.status !== expected)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    // Only for the pictures: it has to have happened on several days.
    await database(
      `with moved as (
         select coalesce(revision_id, id) as id, now() - make_interval(hours => ?) as at from audit_change order by id desc limit 1
       )
       update audit_change c set recorded_at = moved.at from moved where moved.id in (c.id, c.revision_id)`,
      [hoursAgo],
    );
  }
}

/** Makes a WebP of a PNG, a third of its bytes; the browser can. */
async function toWebp(browser, png) {
  const page = await browser.newPage();
  const url = await page.evaluate(
    async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      canvas.getContext('2d').drawImage(image, 0, 0);
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.85 });
      return new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.readAsDataURL(blob);
      });
    },
    `data:image/png;base64,${png.toString('base64')}`,
  );
  await page.close();
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

async function takePictures(url) {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  const args = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
  ];
  const browser = await chromium.launch({ executablePath, args });
  try {
    for (const colorScheme of ['light', 'dark']) {
      const viewport = { width: 1200, height: 760 };
      const window = await browser.newContext({
        colorScheme,
        viewport,
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
      });
      await window.addCookies([{ name: 'session', value: anna.token, url }]);
      const page = await window.newPage();
      for (const [name, path, ready] of [
        ['timeline', '', '.entry'],
        ['entity', 'entities/work-order/1', '.entry'],
      ]) {
        await page.goto(`${url}/audit/ui/${path}`);
        await page.locator(ready).first().waitFor();
        const picture = await toWebp(browser, await page.screenshot());
        await writeFile(join(here, 'images', `viewer-${name}-${colorScheme}.webp`), picture);
      }
      await window.close();
    }
  } finally {
    await browser.close();
  }
}

const server = await startEmbeddedDatabase({ persistent: false });
try {
  const app = await createApp({ databaseUrl: server.url });
  try {
    await createDemoData(app);
    await app.listen(0, '127.0.0.1');
    const { MikroORM } = await import('@mikro-orm/core');
    const connection = app.get(MikroORM).em.fork().getConnection();
    const url = await app.getUrl();
    const change = (sql, parameters) => connection.execute(sql, parameters);
    await change(`update audit_change set recorded_at = recorded_at - interval '4 days'`, []);
    await tellStory(url, change);
    await mkdir(join(here, 'images'), { recursive: true });
    await takePictures(url);
  } finally {
    await app.close();
  }
} finally {
  await server.stop();
}
