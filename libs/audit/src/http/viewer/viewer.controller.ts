import {
  Get,
  Inject,
  NotFoundException,
  type OnModuleInit,
  Param,
  Req,
  Res,
  UseFilters,
} from '@nestjs/common';
import { VIEWER, type ViewerOptions } from '../audit-http-options.js';
import { viewerText } from '../gate/viewer-text.js';
import type { Visible } from '../gate/visible.js';
import type { HttpRequest } from '../parameters/query-parameters.js';
import { AuditRoutes } from '../routes/audit-routes.decorator.js';
import { deepPaths } from '../routes/deep-paths.js';
import { NeedsPermission } from '../routes/needs-permission.decorator.js';
import { Replies } from '../routes/replies.js';
import { SignInFilter } from './sign-in.filter.js';
import { loadViewerFiles, type ViewerFile } from './viewer-files.js';

const INDEX = 'index.html';
const ASSETS = 'assets/';
/** The placeholder of the page for its base. The way back to `<path>/ui/` replaces it, wherever a proxy has put that. */
const BASE = '<base href="./">';
/** Where the page finds what it is told: JSON in an attribute, because inline scripts are not allowed. */
const SETTINGS = 'content="{}"';

/** The page may load what comes from here and nothing else; nobody may frame it. */
const PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Serves the viewer. Every path that is no file of it is one of its pages, which it tells apart itself. */
@UseFilters(SignInFilter)
@AuditRoutes()
export class ViewerController implements OnModuleInit {
  private files: ReadonlyMap<string, ViewerFile> = new Map();
  private page = '';

  constructor(
    @Inject(VIEWER) private readonly viewer: (ViewerOptions & { readonly folder: string }) | null,
    @Inject(Replies) private readonly replies: Replies,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.viewer === null) return;
    const { folder, oneTimeLinks: _, ...settings } = this.viewer;
    this.files = await loadViewerFiles(folder);
    const content = `content="${escapeAttribute(JSON.stringify(settings))}"`;
    this.page = this.files.get(INDEX)?.body.replace(SETTINGS, () => content) ?? '';
  }

  @Get(deepPaths('ui'))
  @NeedsPermission('any')
  file(
    @Param() params: Readonly<Record<string, string>>,
    @Req() request: HttpRequest,
    @Res() response: object,
  ): Visible<string> | null {
    const names = Object.values(params).filter((name) => name !== '');
    const [path = '', query] = (request.originalUrl ?? request.url).split(/\?(.*)/s);
    const file = this.files.get(names.join('/'));
    const index = this.files.get(INDEX);
    if (file && names.join('/') !== INDEX) {
      return this.prepare(file, request, response);
    }
    if (!index || names.join('/').startsWith(ASSETS)) {
      throw new NotFoundException('There is no such file.');
    }
    if (names.length === 0 && !path.endsWith('/')) {
      // Without the slash, everything that is relative would be looked for one level higher.
      this.replies.redirect(response, `ui/${query === undefined ? '' : `?${query}`}`);
      return null;
    }
    const depth = names.length + (path.endsWith('/') ? 1 : 0) - 1;
    this.replies.headers(response, PAGE_HEADERS);
    return this.replies.prepare(request, response, {
      body: viewerText(this.page.replace(BASE, `<base href="${'../'.repeat(depth) || './'}">`)),
      contentType: index.contentType,
      cacheControl: 'private, no-cache',
    });
  }

  private prepare(file: ViewerFile, request: HttpRequest, response: object): Visible<string> | null {
    this.replies.headers(response, PAGE_HEADERS);
    return this.replies.prepare(request, response, {
      body: viewerText(file.body),
      contentType: file.contentType,
      etag: file.etag,
      cacheControl: file.isHashed ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    });
  }
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
