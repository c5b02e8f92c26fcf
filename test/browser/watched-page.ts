import type { AuditAccess } from 'nestjs-mikro-audit/http';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** Everything that a page of the viewer must never do. */
interface Misdeed {
  readonly kind: 'console' | 'exception' | 'dialog' | 'foreign request' | 'popup';
  readonly text: string;
}

export interface Visitor {
  /** Null is nobody. */
  readonly access: AuditAccess | null;
  /** Errors that belong to the flow, such as the 401 of one who is not signed in. */
  readonly expects?: readonly RegExp[];
}

/** A time zone where it is about noon, so that no test runs past the end of its day. */
function noonZone(): string {
  const hoursAhead = 12 - new Date().getUTCHours();
  // The signs of these names are those of POSIX: minus is east.
  return hoursAhead === 0 ? 'Etc/GMT' : `Etc/GMT${hoursAhead > 0 ? '-' : '+'}${Math.abs(hoursAhead)}`;
}

/** A browser window that is watched from its first request on. CSP violations are console errors. */
export class WatchedPage {
  readonly misdeeds: Misdeed[] = [];
  #expects: readonly RegExp[] = [];

  private constructor(
    readonly page: Page,
    private readonly origin: string,
  ) {
    page.on('console', (message) => {
      const { url } = message.location();
      const isExpected = this.#expects.some((expected) => expected.test(`${message.text()} ${url}`));
      if (message.type() === 'error' && !isExpected) this.#note('console', message.text());
    });
    page.on('pageerror', (error) => this.#note('exception', error.message));
    page.on('popup', (popup) => this.#note('popup', popup.url()));
    page.on('dialog', (dialog) => {
      this.#note('dialog', dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(origin)) this.#note('foreign request', request.url());
    });
  }

  static async open(browser: Browser, root: string, options: BrowserContextOptions): Promise<WatchedPage> {
    const window = await browser.newContext({ locale: 'en-GB', timezoneId: noonZone(), ...options });
    const page = await window.newPage();
    // Only what never comes takes so long; a busy machine may need many seconds for what comes.
    page.setDefaultTimeout(20_000);
    page.setDefaultNavigationTimeout(60_000);
    return new WatchedPage(page, new URL(root).origin);
  }

  /** Signs a visitor in, to whom the window is as new. */
  async enter({ access, expects = [] }: Visitor): Promise<void> {
    this.misdeeds.length = 0;
    this.#expects = expects;
    if (access !== null) {
      const value = encodeURIComponent(JSON.stringify(access));
      await this.page.context().addCookies([{ name: 'access', value, url: `${this.origin}/` }]);
    }
  }

  /** Removes everything of the visitor: it takes a second less than a new window, whose scripts are compiled anew. */
  async leave(): Promise<void> {
    await this.page.evaluate('localStorage.clear()');
    await this.page.unrouteAll();
    await this.page.emulateMedia({ colorScheme: null });
    await this.page.goto('about:blank');
    await this.page.context().clearCookies();
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  #note(kind: Misdeed['kind'], text: string): void {
    this.misdeeds.push({ kind, text });
  }
}
