import { describe, expect, it } from '@jest/globals';
import { type AuditAccess, AuditAccessPolicy } from 'nestjs-mikro-audit/http';
import { openBench } from './bench.js';
import { EVERYTHING } from './viewer-app.js';

const ADA = 'Bearer token-of-ada';

/** Of an app whose clients send a token with each request. */
class BearerPolicy extends AuditAccessPolicy {
  override accessOf({ headers }: { readonly headers: { readonly authorization?: string } }) {
    return headers.authorization === ADA ? (EVERYTHING satisfies AuditAccess) : null;
  }
}

describe('the viewer of an app with tokens in a header', () => {
  const bench = openBench({ access: new BearerPolicy(), viewer: { oneTimeLinks: true } });

  it('is opened by a link, once, and leaves the ticket in no address', async () => {
    const response = await fetch(new URL('../viewer-link', bench.app.page), {
      method: 'POST',
      headers: { authorization: ADA },
    });
    const { url } = (await response.json()) as { readonly url: string };
    const link = new URL(url, response.url);
    await bench.visit(
      `../${url}`,
      async (page) => {
        await page.locator('.entry').first().waitFor();
        expect(page.url()).toBe(bench.app.page);
        await page.goto('about:blank');
        await page.goBack();
        expect(page.url()).toBe(bench.app.page);
        await page.goto(link.href);
        await page.getByText('This link was used already').waitFor();
        expect(page.url()).toBe(link.href.slice(0, link.href.indexOf('#')));
      },
      { expects: [/401/] },
    );
  });
});
