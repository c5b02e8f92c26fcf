import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency, Type } from '@nestjs/common';
import type { AuditAccessPolicy } from './access/audit-access-policy.js';

/** A policy, or how Nest gets one. */
export type AuditAccessProvider =
  | AuditAccessPolicy
  | { readonly useClass: Type<AuditAccessPolicy> }
  | { readonly useExisting: InjectionToken<AuditAccessPolicy> }
  | {
      readonly useFactory: (...dependencies: never[]) => AuditAccessPolicy | Promise<AuditAccessPolicy>;
      readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[];
    };

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
   * The page at `<path>/ui`: false leaves it out, `folder` serves another build of it.
   * @default the viewer of this package
   */
  readonly viewer?: false | { readonly folder?: string };
  /**
   * Modules that the policy needs something of.
   * @default none
   */
  readonly imports?: ModuleMetadata['imports'];
}
