import type { AuditAccess } from 'nestjs-mikro-audit/http';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Everything that a page of the viewer must never do. */
interface Misdeed {
  readonly kind: 'console' | 'exception' | 'dialog' | 'foreign request' | 'popup';
  readonly text: string;
}

/** A page that is watched from its first request on. */
export interface WatchedPage {
  readonly page: Page;
  readonly misdeeds: readonly Misdeed[];
  close(): Promise<void>;
}

export interface WatchedPageOptions extends BrowserContextOptions {
  /** Null is nobody. */
  readonly access: AuditAccess | null;
  readonly root: string;
  /** Errors that belong to the flow, such as the 401 of one who is not signed in. */
  readonly expects?: readonly RegExp[];
}

/** A time zone where it is about noon, so that no test runs past the end of its day. */
function noonZone(): string {
  const hoursAhead = 12 - new Date().getUTCHours();
  // The signs of these names are those of POSIX: minus is east.
  return hoursAhead === 0 ? 'Etc/GMT' : `Etc/GMT${hoursAhead > 0 ? '-' : '+'}${Math.abs(hoursAhead)}`;
}

/** Opens a browser window of its own, signed in. CSP violations are console errors. */
export async function openPage(browser: Browser, options: WatchedPageOptions): Promise<WatchedPage> {
  const { access, root, expects = [], ...context } = options;
  const window = await browser.newContext({ locale: 'en-GB', timezoneId: noonZone(), ...context });
  if (access !== null) {
    await window.addCookies([
      { name: 'access', value: encodeURIComponent(JSON.stringify(access)), url: new URL('/', root).href },
    ]);
  }
  const misdeeds: Misdeed[] = [];
  const note = (kind: Misdeed['kind'], text: string): void => void misdeeds.push({ kind, text });
  const page = await window.newPage();
  // Only what never comes takes so long; a busy machine may need many seconds for what comes.
  page.setDefaultTimeout(20_000);
  page.setDefaultNavigationTimeout(60_000);
  page.on('console', (message) => {
    const { url } = message.location();
    if (
      message.type() === 'error' &&
      !expects.some((expected) => expected.test(`${message.text()} ${url}`))
    ) {
      note('console', message.text());
    }
  });
  page.on('pageerror', (error) => note('exception', error.message));
  page.on('popup', (popup) => note('popup', popup.url()));
  page.on('dialog', (dialog) => {
    note('dialog', dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(root).origin)) note('foreign request', request.url());
  });
  return { page, misdeeds, close: () => window.close() };
}
