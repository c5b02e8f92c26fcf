import { type DynamicModule, Inject, Module, type NestModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import {
  ASYNC_OPTIONS_TYPE,
  ConfigurableModuleClass,
  MODULE_OPTIONS_TOKEN,
  OPTIONS_TYPE,
} from './audit.module-definition.js';
import { AuditedOrms } from './audited-orms.js';
import { AuditContext } from './context/audit-context.js';
import { ReadRegister } from './context/audit-journal.js';
import { AuditContextGuard } from './context/request/guard.js';
import { AuditContextInterceptor } from './context/request/interceptor.js';
import { AuditContextMiddleware, returnToContext } from './context/request/middleware.js';
import { openTelemetryReader, TRACE_READER } from './context/trace.js';
import { AuditBaseline } from './coverage/baseline/audit-baseline.js';
import { AuditCheck } from './coverage/check/audit-check.js';
import { AuditDoctor } from './coverage/doctor/audit-doctor.js';
import { AuditHealth } from './coverage/health/audit-health.js';
import { CheckSchedule } from './coverage/health/check-schedule.js';
import { AuditCoverage } from './coverage/report/audit-coverage.js';
import { CoveredInstances } from './coverage/tables/covered-instance.js';
import {
  type AuditModuleOptions,
  RESOLVED_OPTIONS,
  type ResolvedAuditOptions,
} from './options/audit-options.js';
import { resolveOptions } from './options/resolve-options.js';
import { AuditEvidence } from './proofs/audit-evidence.js';
import { ProvedTrails } from './proofs/proved-trail.js';
import { AuditReader } from './query/audit-reader.js';
import { AuditCatalog } from './query/terms/audit-catalog.js';
import { AuditRestorer } from './restore/audit-restorer.js';
import { RestorePlanner } from './restore/restore-planner.js';
import { RestoreTokens } from './restore/restore-token.js';
import { AuditSequencer, SequencedInstances } from './sequence/audit-sequencer.js';
import { CommitHints } from './sequence/commit-hints.js';
import { aroundMessages } from './versions/message-hook.js';
import { assertSupportedVersions } from './versions/supported-versions.js';
import { AuditMetrics } from './write/audit-metrics.js';
import { AuditJournals, AuditRecorder } from './write/audit-recorder.js';

/**
 * Audits the entities of every MikroORM instance of the application. Global by default. The default
 * instance is audited as soon as the application is created, named ones from `onModuleInit` on.
 */
@Module({
  providers: [
    {
      provide: RESOLVED_OPTIONS,
      inject: [{ token: MODULE_OPTIONS_TOKEN, optional: true }],
      useFactory: (options?: AuditModuleOptions) => {
        assertSupportedVersions();
        return resolveOptions(options);
      },
    },
    { provide: TRACE_READER, useFactory: () => openTelemetryReader() },
    AuditContext,
    AuditMetrics,
    CommitHints,
    AuditedOrms,
    { provide: AuditJournals, useExisting: AuditedOrms },
    { provide: ReadRegister, useExisting: AuditedOrms },
    AuditRecorder,
    { provide: CoveredInstances, useExisting: AuditedOrms },
    AuditBaseline,
    AuditCheck,
    AuditDoctor,
    { provide: SequencedInstances, useExisting: AuditedOrms },
    AuditSequencer,
    { provide: ProvedTrails, useExisting: AuditedOrms },
    AuditEvidence,
    AuditHealth,
    CheckSchedule,
    AuditCoverage,
    { provide: AuditCatalog, useExisting: AuditedOrms },
    {
      provide: RestoreTokens,
      inject: [RESOLVED_OPTIONS],
      useFactory: ({ restoreKeys }: ResolvedAuditOptions) => new RestoreTokens(restoreKeys),
    },
    RestorePlanner,
    AuditReader,
    AuditRestorer,
    AuditContextMiddleware,
    { provide: APP_GUARD, useClass: AuditContextGuard },
    AuditContextInterceptor,
    { provide: APP_INTERCEPTOR, useExisting: AuditContextInterceptor },
  ],
  exports: [
    AuditBaseline,
    AuditCheck,
    AuditDoctor,
    AuditHealth,
    AuditCoverage,
    AuditCatalog,
    AuditContext,
    AuditContextInterceptor,
    AuditEvidence,
    AuditMetrics,
    AuditReader,
    AuditRecorder,
    AuditRestorer,
    AuditSequencer,
    ReadRegister,
    RESOLVED_OPTIONS,
  ],
})
export class AuditModule extends ConfigurableModuleClass implements NestModule {
  /** @throws AuditConfigurationError when the module starts, for an option that is unknown or invalid */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return super.forRoot(options);
  }

  /** Like `forRoot`, with options from a factory, a class or an existing provider. */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return super.forRootAsync(options);
  }

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(AuditContextMiddleware) private readonly middleware: AuditContextMiddleware,
    @Inject(ApplicationConfig) config: ApplicationConfig,
    @Inject(AuditContextInterceptor) interceptor: AuditContextInterceptor,
  ) {
    super();
    // Interceptors come after guards, the hook before them.
    aroundMessages(config, (execution, next) => interceptor.open(execution, next));
  }

  /**
   * Nest calls it after its body parsers and before it binds the middleware of modules. Ours goes to the adapter
   * itself: it then runs before theirs and also outside the global prefix, where GraphQL may be, and costs less.
   */
  configure(): void {
    const { httpAdapter } = this.host;
    httpAdapter.use((request: object, response: unknown, next: () => void) =>
      this.middleware.use(request, response, next),
    );
    if (httpAdapter.getType() === 'fastify') {
      httpAdapter.getInstance<FastifyHooks>().addHook('preHandler', returnToContext);
    }
  }
}

/** As much of Fastify as is used, so that it need not be installed. */
interface FastifyHooks {
  addHook(name: 'preHandler', hook: typeof returnToContext): unknown;
}
