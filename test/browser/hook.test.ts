import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Header } from '@nestjs/common';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { openBench } from './bench.js';
import { CookiePolicy, type ViewerAppOptions } from './viewer-app.js';
import { ADA, change } from './workshop-story.js';

interface HookedRequest {
  readonly url: string;
  readonly headers: { readonly cookie?: string; readonly 'x-csrf-token'?: string };
}

/** Wants a token in a header of every request that is not for the page or its files. */
class TokenPolicy extends CookiePolicy {
  override accessOf(request: HookedRequest): AuditAccess | null {
    const isPage = request.url.includes('/ui/');
    return isPage || request.headers['x-csrf-token'] === 'a token' ? super.accessOf(request) : null;
  }
}

/** The modules that the option `hook` can name here. */
@Controller('hooks')
class HooksController {
  @Get('token.js')
  @Header('content-type', 'text/javascript')
  token(): string {
    return "export async function headers() { return { 'x-csrf-token': 'a token' }; }";
  }

  @Get('empty.js')
  @Header('content-type', 'text/javascript')
  empty(): string {
    return 'export const nothing = null;';
  }
}

const withHook = (hook: string): ViewerAppOptions => ({
  access: new TokenPolicy(),
  controllers: [HooksController],
  viewer: { hook: `/behind/a/proxy/hooks/${hook}` },
});

describe('the viewer with a hook', () => {
  const bench = openBench(withHook('token.js'));

  it('sends its headers with every request, of the event stream and exports too', async () => {
    await bench.visit('?entity=job', async (page) => {
      await page.getByText('Live', { exact: true }).waitFor();
      await page.locator('.entry').first().waitFor();
      await change(bench.app, { actor: ADA, action: 'job.check' }, (job) => {
        job.done = true;
      });
      await page.getByRole('button', { name: '1 new' }).waitFor();
      await page.getByText('Export', { exact: true }).click();
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: 'NDJSON, lossless' }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe('audit-trail.ndjson');
      const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n');
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ manifest: { count: lines.length - 1 } });
    });
  });
});

describe('the viewer with a module for a hook that gives no headers', () => {
  const bench = openBench(withHook('empty.js'));

  it('shows the error', async () => {
    await bench.visit('', async (page) => {
      await page.getByText('Something went wrong').waitFor();
      await page.getByText('/hooks/empty.js has no function "headers"').waitFor();
    });
  });
});
