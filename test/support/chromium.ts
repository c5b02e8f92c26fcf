import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser of the machine. The tests do not skip what they cannot see: without one they fail. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = [process.env.CHROMIUM_PATH ?? '', ...PLACES].find(
    (path) => path && existsSync(path),
  );
  if (executablePath === undefined) {
    throw new Error(
      `There is no Chromium at ${PLACES.join(', ')}. Install it (Debian, Ubuntu: apt-get install chromium), or name one ` +
        'with CHROMIUM_PATH.',
    );
  }
  return chromium.launch({ executablePath, args: FLAGS });
}
