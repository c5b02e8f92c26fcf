import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency, Type } from '@nestjs/common';
import type { AuditPermission } from './access/audit-access.js';
import type { AuditAccessPolicy } from './access/audit-access-policy.js';
import type { HttpLimits } from './limits/http-limits.js';

/** A policy, or how Nest gets one. */
export type AuditAccessProvider =
  | AuditAccessPolicy
  | { readonly useClass: Type<AuditAccessPolicy> }
  | { readonly useExisting: InjectionToken<AuditAccessPolicy> }
  | {
      readonly useFactory: (...dependencies: never[]) => AuditAccessPolicy | Promise<AuditAccessPolicy>;
      readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[];
    };

/** Settings of the viewer besides the trail. All of them reach the browser. */
export interface ViewerOptions {
  /**
   * Name of the app, in the header of the page.
   * @default 'Audit trail'
   */
  readonly title?: string;
  /**
   * Where the link back to the app leads.
   * @default no link
   */
  readonly homeUrl?: string;
  /**
   * Where to sign in, with the path of the page as the query parameter `return`. A visitor without a session is
   * redirected there; the page links to it when a session has ended. Let `return` lead to paths of your own origin only.
   * @default a 401, and no link
   */
  readonly signInUrl?: string;
  /**
   * An ES module of the same origin with `export async function headers()`, which gives headers for all requests of the
   * page, such as a token against cross-site requests.
   * @default no further headers
   */
  readonly hook?: string;
  /**
   * Whether `POST <path>/viewer-link` gives whoever may read the trail a link that opens the page, for apps whose clients send a token
   * in the header `Authorization`: good once and for a minute. The browser then has a cookie that stands for that header, for an hour,
   * and for requests under `path` only. Several processes need the same `restoreKeys` of AuditModule.
   * @default false
   */
  readonly oneTimeLinks?: boolean;
  /**
   * Another build of the page.
   * @default the one of this package
   */
  readonly folder?: string;
}

/** Options of `AuditHttpModule.forRoot()`. */
export interface AuditHttpOptions {
  /** Who may read what. There is no default. */
  readonly access: AuditAccessProvider;
  /**
   * Where the routes are, under the global prefix of the app.
   * @default 'audit'
   */
  readonly path?: string;
  /**
   * The page at `<path>/ui`; false leaves it out.
   * @default the viewer of this package
   */
  readonly viewer?: false | ViewerOptions;
  /**
   * Whether requests to these routes are recorded in the trail, each as a revision without changes: who asked what, and what
   * was denied. Several actions are those whose routes are recorded. A read that cannot be recorded is not answered.
   * @default true
   */
  readonly recordTrailReads?: boolean | readonly AuditPermission[];
  /**
   * How much the requests of one reader may cost.
   * @default 5 s for the database, 10 event streams and 4 exports at a time, 100 refusals a minute
   */
  readonly limits?: HttpLimits;
  /**
   * Names of security schemes of the OpenAPI document that `SwaggerModule` makes, one of which every route needs.
   * @default none: the document says nothing of it
   */
  readonly security?: readonly string[];
  /**
   * Modules that the policy needs something of.
   * @default none
   */
  readonly imports?: ModuleMetadata['imports'];
}

/** Options of `AuditHttpModule` that may come from elsewhere, such as a configuration service. */
export type AuditHttpSettings = Omit<AuditHttpOptions, 'access' | 'path' | 'imports'>;

/** Options of `AuditHttpModule.forRootAsync()`. Routes are made before anything can be injected, so their path is given here. */
export interface AuditHttpAsyncOptions extends Pick<AuditHttpOptions, 'access' | 'path' | 'imports'> {
  /** Asked once, when the app is created. */
  readonly useFactory: (...dependencies: never[]) => AuditHttpSettings | Promise<AuditHttpSettings>;
  /**
   * The providers that Nest gives to the factory, from `imports` or global modules.
   * @default nothing
   */
  readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[];
}

/** Injection token of the viewer's options with its folder; null when the app wants no viewer. */
export const VIEWER = Symbol('nestjs-mikro-audit:viewer');

/** Injection token of where the routes are, under the global prefix of the app. */
export const HTTP_PATH = Symbol('nestjs-mikro-audit:path');
