import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  type AuditAccess,
  AuditAccessPolicy,
  AuditHttpModule,
  type ViewerOptions,
} from 'nestjs-mikro-audit/http';
import { type AuditedApp, type AuditedAppOptions, createAuditedApp } from '../support/audited-app.js';
import { ensureViewerBuilt } from '../support/viewer-build.js';
import { JobsController } from './jobs.controller.js';
import { workshop, workshopOracle } from './workshop.js';

export const EVERYTHING: AuditAccess = {
  permissions: ['list', 'history', 'values', 'export', 'restore', 'coverage'],
  entities: { '*': { within: 'all' }, job: { within: 'all', hidden: ['margin'] } },
};

/** May look, but neither export nor restore. */
export const READING: AuditAccess = {
  permissions: ['list', 'history', 'values'],
  entities: { '*': { within: 'all' } },
};

/** Grants what the cookie `access` says, as a session would; without it nobody is signed in. */
export class CookiePolicy extends AuditAccessPolicy {
  override accessOf({ headers }: { readonly headers: { readonly cookie?: string } }): AuditAccess | null {
    const json = /(?:^|;\s*)access=([^;]+)/.exec(headers.cookie ?? '')?.[1];
    return json === undefined ? null : (JSON.parse(decodeURIComponent(json)) as AuditAccess);
  }
}

/** The workshop with the viewer below a prefix, listening. */
export interface ViewerApp extends AuditedApp {
  /** URL of the viewer, with a slash at its end. */
  readonly page: string;
}

export interface ViewerAppOptions extends Pick<AuditedAppOptions, 'controllers' | 'options'> {
  /** @default grants what the cookie `access` says */
  readonly access?: AuditAccessPolicy;
  readonly viewer?: ViewerOptions;
}

export async function createViewerApp(options: ViewerAppOptions = {}): Promise<ViewerApp> {
  const folder = await ensureViewerBuilt();
  const audited = await createAuditedApp({
    entities: workshop,
    oracle: workshopOracle,
    controllers: [JobsController, ...(options.controllers ?? [])],
    options: { sequencer: true, ...options.options },
    imports: [
      AuditHttpModule.forRoot({
        access: options.access ?? new CookiePolicy(),
        path: 'admin/trail',
        viewer: { folder, title: 'Workshop & "Sons" <b>', signInUrl: '/sign-in', ...options.viewer },
      }),
    ],
    configure: (app) => {
      app.setGlobalPrefix('behind/a/proxy');
      (app as NestExpressApplication).set('trust proxy', false);
    },
  });
  await audited.app.listen(0, '127.0.0.1');
  return { ...audited, page: `${await audited.app.getUrl()}/behind/a/proxy/admin/trail/ui/` };
}
