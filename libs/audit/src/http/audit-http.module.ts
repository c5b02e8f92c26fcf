import { join } from 'node:path';
import {
  type DynamicModule,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type Provider,
  RequestMethod,
} from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer, RouterModule } from '@nestjs/core';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { EntityTypes } from '../query/terms/entity-types.js';
import { AuditAccessPolicy } from './access/audit-access-policy.js';
import { PageCursors } from './access/page-cursors.js';
import { RequestAccess } from './access/request-access.js';
import {
  type AuditAccessProvider,
  type AuditHttpAsyncOptions,
  type AuditHttpOptions,
  HTTP_PATH,
  VIEWER,
} from './audit-http-options.js';
import {
  type CheckedSettings,
  checkedAccess,
  checkedAsync,
  checkedPath,
  checkedSettings,
  checkedSync,
} from './checked-options.js';
import { documentRoutes } from './documentation/swagger-documentation.js';
import { ExportController } from './export/export.controller.js';
import { AuditExportReader } from './export/export-reader.js';
import { Gates } from './gate/gates.js';
import { HTTP_LIMITS } from './limits/http-limits.js';
import { ReaderRefusals } from './limits/reader-refusals.js';
import { ReaderSlots } from './limits/reader-slots.js';
import { RecentCoverage } from './limits/recent-coverage.js';
import { ProblemFilter } from './problem/problem.filter.js';
import { answerUnreadableBodies } from './problem/unreadable-body.js';
import { TrailReadInterceptor } from './reads/trail-read.interceptor.js';
import { RECORD_TRAIL_READS, TrailReads } from './reads/trail-reads.js';
import { RestoreController } from './restore/restore.controller.js';
import { AccessController } from './routes/access.controller.js';
import { AccessGuard } from './routes/access.guard.js';
import { ActivityController } from './routes/activity.controller.js';
import { AnswerInterceptor } from './routes/answer.interceptor.js';
import { ChangesController } from './routes/changes.controller.js';
import { ClosingServer } from './routes/closing-server.js';
import { CountsController } from './routes/counts.controller.js';
import { CoverageController } from './routes/coverage.controller.js';
import { EntityHistoryController } from './routes/entity-history.controller.js';
import { EntityLatestController } from './routes/entity-latest.controller.js';
import { EntityStatesController } from './routes/entity-states.controller.js';
import { EventsController } from './routes/events.controller.js';
import { NotFoundController } from './routes/not-found.controller.js';
import { ProofsController } from './routes/proofs.controller.js';
import { Replies } from './routes/replies.js';
import { RevisionsController } from './routes/revisions.controller.js';
import { firstSegments, SESSION_ROUTES } from './viewer/session-routes.js';
import { SignInFilter } from './viewer/sign-in.filter.js';
import { allowTrailingSlash } from './viewer/trailing-slash.js';
import { ViewerController } from './viewer/viewer.controller.js';
import { ViewerLinkController } from './viewer/viewer-link.controller.js';
import { ViewerLinks } from './viewer/viewer-links.js';
import { ViewerSessionMiddleware } from './viewer/viewer-session.middleware.js';

const DOCUMENTATION = Symbol('nestjs-mikro-audit:documentation');
const SETTINGS = Symbol('nestjs-mikro-audit:http-settings');
/** Those that the page of the viewer asks, and it itself. */
const READING = [
  AccessController,
  ChangesController,
  RevisionsController,
  ExportController,
  ActivityController,
  CountsController,
  CoverageController,
  EventsController,
  ProofsController,
  RestoreController,
  EntityLatestController,
  EntityStatesController,
  EntityHistoryController,
  ViewerController,
];
const BUILT_VIEWER = { folder: join(import.meta.dirname, 'ui') };

/** The trail over HTTP. Needs `AuditModule` in the same application, and a policy that says who may read what. */
@Module({})
export class AuditHttpModule implements NestModule {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(HTTP_PATH) private readonly path: string,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    assertAlone(modules);
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(ViewerSessionMiddleware)
      .forRoutes({ path: `${this.path}/*route`, method: RequestMethod.ALL });
    answerUnreadableBodies(this.host.httpAdapter, this.path);
    allowTrailingSlash(this.host.httpAdapter, this.path);
  }

  /** @throws AuditConfigurationError without a policy, and for an option that is unknown or invalid */
  static forRoot(options: AuditHttpOptions): DynamicModule {
    const { access, path, imports, ...settings } = checkedSync(options);
    const useValue = checkedSettings(settings);
    return AuditHttpModule.dynamicModule({ access, path, imports }, { provide: SETTINGS, useValue });
  }

  /**
   * As `forRoot()`, with settings that are injected.
   * @throws AuditConfigurationError as `forRoot()` does, for settings when the app is created
   */
  static forRootAsync(options: AuditHttpAsyncOptions): DynamicModule {
    const { access, path, imports, inject = [], useFactory } = checkedAsync(options);
    return AuditHttpModule.dynamicModule(
      { access, path, imports },
      {
        provide: SETTINGS,
        inject: [...inject],
        useFactory: async (...dependencies: never[]) => checkedSettings(await useFactory(...dependencies)),
      },
    );
  }

  private static dynamicModule(
    given: { [Name in 'access' | 'path' | 'imports']: AuditHttpOptions[Name] | undefined },
    settings: Provider,
  ): DynamicModule {
    const access = checkedAccess(given.access);
    const path = checkedPath(given.path);
    const of = <Value>(provide: symbol, useFactory: (settings: CheckedSettings) => Value) => ({
      provide,
      useFactory,
      inject: [SETTINGS],
    });
    return {
      module: AuditHttpModule,
      imports: [...(given.imports ?? []), RouterModule.register([{ path, module: AuditHttpModule }])],
      controllers: [...READING, ViewerLinkController, NotFoundController],
      exports: [AuditExportReader],
      providers: [
        policyProvider(access),
        { provide: HTTP_PATH, useValue: path },
        { provide: SESSION_ROUTES, useValue: firstSegments(READING) },
        settings,
        of(VIEWER, ({ viewer }) => (viewer === false ? null : { ...BUILT_VIEWER, ...viewer })),
        // Before any document is made of the routes: Nest waits for it when the app is created.
        of(DOCUMENTATION, ({ security }) => documentRoutes(security)),
        of(RECORD_TRAIL_READS, ({ recordTrailReads }) => recordTrailReads),
        of(HTTP_LIMITS, ({ limits }) => limits),
        ReaderSlots,
        ReaderRefusals,
        RecentCoverage,
        TrailReads,
        TrailReadInterceptor,
        ClosingServer,
        AnswerInterceptor,
        AccessGuard,
        ProblemFilter,
        SignInFilter,
        ViewerLinks,
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

/** Nest keeps one path for a class of modules: all routes would be under that of one of them. */
function assertAlone(modules: ModulesContainer): void {
  const own = [...modules.values()].filter(({ metatype }) => metatype === AuditHttpModule);
  if (own.length > 1) {
    throw new AuditConfigurationError(
      `AuditHttpModule is imported ${own.length} times with different options, and its routes can only have one path.`,
      'Import it once, and let the access policy tell readers apart.',
    );
  }
}
