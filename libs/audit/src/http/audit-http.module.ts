import { join } from 'node:path';
import { type DynamicModule, Inject, Module, type NestModule, type Provider } from '@nestjs/common';
import { HttpAdapterHost, RouterModule } from '@nestjs/core';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { AUDIT_PERMISSIONS } from './access/audit-access.js';
import { AuditAccessPolicy } from './access/audit-access-policy.js';
import { EntityTypes } from './access/entity-types.js';
import { PageCursors } from './access/page-cursors.js';
import { RequestAccess } from './access/request-access.js';
import {
  type AuditAccessProvider,
  type AuditHttpOptions,
  VIEWER,
  type ViewerOptions,
} from './audit-http-options.js';
import { documentRoutes } from './documentation/swagger-documentation.js';
import { ExportController } from './export/export.controller.js';
import { AuditExportReader } from './export/export-reader.js';
import { Gates } from './gate/gates.js';
import { HTTP_LIMITS, limitsWithDefaults } from './limits/http-limits.js';
import { ReaderSlots } from './limits/reader-slots.js';
import { ProblemFilter } from './problem/problem.filter.js';
import { answerUnreadableBodies } from './problem/unreadable-body.js';
import { TrailReadInterceptor } from './reads/trail-read.interceptor.js';
import { RECORD_TRAIL_READS, TrailReads } from './reads/trail-reads.js';
import { RestoreController } from './restore/restore.controller.js';
import { AccessController } from './routes/access.controller.js';
import { AccessGuard } from './routes/access.guard.js';
import { ActivityController } from './routes/activity.controller.js';
import { AnswerInterceptor, EventInterceptor } from './routes/answer.interceptor.js';
import { ChangesController } from './routes/changes.controller.js';
import { ClosingServer } from './routes/closing-server.js';
import { CountsController } from './routes/counts.controller.js';
import { EntityHistoryController } from './routes/entity-history.controller.js';
import { EntityLatestController } from './routes/entity-latest.controller.js';
import { EntityStatesController } from './routes/entity-states.controller.js';
import { EventsController } from './routes/events.controller.js';
import { NotFoundController } from './routes/not-found.controller.js';
import { Replies } from './routes/replies.js';
import { RevisionsController } from './routes/revisions.controller.js';
import { SignInFilter } from './viewer/sign-in.filter.js';
import { allowTrailingSlash } from './viewer/trailing-slash.js';
import { ViewerController } from './viewer/viewer.controller.js';

const DOCUMENTATION = Symbol('nestjs-mikro-audit:documentation');
const PATH = Symbol('nestjs-mikro-audit:path');
const DEFAULT_PATH = 'audit';
const BUILT_VIEWER = { folder: join(import.meta.dirname, 'ui') };
const LEGAL_OPTIONS: readonly string[] = [
  'access',
  'path',
  'imports',
  'viewer',
  'recordTrailReads',
  'limits',
  'security',
];

/** The trail over HTTP. Needs `AuditModule` in the same application, and a policy that says who may read what. */
@Module({})
export class AuditHttpModule implements NestModule {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(PATH) private readonly path: string,
  ) {}

  configure(): void {
    answerUnreadableBodies(this.host.httpAdapter, this.path);
    allowTrailingSlash(this.host.httpAdapter, this.path);
  }

  /** @throws AuditConfigurationError without a policy, and for an option that does not exist or cannot be */
  static forRoot(options: AuditHttpOptions): DynamicModule {
    const {
      access,
      path = DEFAULT_PATH,
      imports = [],
      viewer = {},
      recordTrailReads = true,
      limits = {},
      security = [],
    } = checked(options);
    return {
      module: AuditHttpModule,
      imports: [...imports, RouterModule.register([{ path, module: AuditHttpModule }])],
      controllers: [
        AccessController,
        ChangesController,
        RevisionsController,
        ExportController,
        ActivityController,
        CountsController,
        EventsController,
        RestoreController,
        EntityLatestController,
        EntityStatesController,
        EntityHistoryController,
        ViewerController,
        NotFoundController,
      ],
      exports: [AuditExportReader],
      providers: [
        policyProvider(access),
        { provide: PATH, useValue: path },
        { provide: VIEWER, useValue: viewer === false ? null : { ...BUILT_VIEWER, ...viewer } },
        // Before any document is made of the routes: Nest waits for it when the app is created.
        { provide: DOCUMENTATION, useFactory: () => documentRoutes(security) },
        { provide: RECORD_TRAIL_READS, useValue: recordTrailReads },
        { provide: HTTP_LIMITS, useValue: limitsWithDefaults(limits) },
        ReaderSlots,
        TrailReads,
        TrailReadInterceptor,
        ClosingServer,
        AnswerInterceptor,
        EventInterceptor,
        AccessGuard,
        ProblemFilter,
        SignInFilter,
        RequestAccess,
        EntityTypes,
        PageCursors,
        Gates,
        AuditExportReader,
        Replies,
      ],
    };
  }
}

function policyProvider(access: AuditAccessProvider): Provider {
  if ('accessOf' in access) {
    return { provide: AuditAccessPolicy, useValue: access };
  }
  return { provide: AuditAccessPolicy, ...access } as Provider;
}

function checked(options: AuditHttpOptions): AuditHttpOptions {
  const given: Partial<AuditHttpOptions> = options ?? {};
  const unknown = Object.keys(given).find((name) => !LEGAL_OPTIONS.includes(name));
  if (unknown !== undefined) {
    throw new AuditConfigurationError(
      `AuditHttpModule does not know the option "${unknown}".`,
      `Use one of: ${LEGAL_OPTIONS.join(', ')}.`,
    );
  }
  if (!isAccess(given.access)) {
    throw new AuditConfigurationError(
      'AuditHttpModule has no access policy, so nobody could be kept from reading the whole trail.',
      'Give AuditHttpModule.forRoot({ access }) an AuditAccessPolicy, or { useClass }, { useExisting } or { useFactory }.',
    );
  }
  if (given.path !== undefined && !/^\/?[\w-]+(?:\/[\w-]+)*\/?$/.test(given.path)) {
    throw new AuditConfigurationError(
      'The path of AuditHttpModule is no path of letters, digits, - and _.',
      'Give one such as "audit" or "admin/audit".',
    );
  }
  assertLinks(given.viewer || {});
  const { recordTrailReads = true } = given;
  if (typeof recordTrailReads !== 'boolean' && !isPermissions(recordTrailReads)) {
    throw new AuditConfigurationError(
      'The option recordTrailReads of AuditHttpModule is neither true nor false nor a list of permissions.',
      `Give a boolean, or some of: ${AUDIT_PERMISSIONS.join(', ')}.`,
    );
  }
  const { security = [] } = given;
  if (!Array.isArray(security) || security.some((name) => typeof name !== 'string' || name === '')) {
    throw new AuditConfigurationError(
      'The option security of AuditHttpModule is no list of names.',
      "Give those of security schemes of the OpenAPI document, such as ['bearer'], or leave it out.",
    );
  }
  return options;
}

/** A link of the page that ran a script would run it as the reader. */
function assertLinks({ homeUrl, signInUrl, hook }: ViewerOptions): void {
  for (const [name, url] of Object.entries({ homeUrl, signInUrl, hook })) {
    const scheme = url === undefined ? undefined : schemeOf(url);
    if (scheme !== undefined && !/^https?:$/.test(scheme)) {
      throw new AuditConfigurationError(
        `The option ${name} of the viewer of AuditHttpModule is no address of a page.`,
        'Give a path such as "/", or an http or https URL.',
      );
    }
  }
}

/** As a browser reads it, relative to the page. */
function schemeOf(url: string): string {
  return URL.canParse(url, 'https://page.invalid') ? new URL(url, 'https://page.invalid').protocol : '';
}

function isPermissions(permissions: unknown): boolean {
  return Array.isArray(permissions) && permissions.every((one) => AUDIT_PERMISSIONS.includes(one));
}

function isAccess(access: unknown): access is AuditAccessProvider {
  return (
    typeof access === 'object' &&
    access !== null &&
    ['accessOf', 'useClass', 'useExisting', 'useFactory'].some((name) => name in access)
  );
}
