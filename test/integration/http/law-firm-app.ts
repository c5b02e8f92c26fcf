import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  type AuditAccess,
  AuditAccessPolicy,
  AuditHttpModule,
  type AuditHttpOptions,
} from 'nestjs-mikro-audit/http';
import request from 'supertest';
import { type AuditedApp, type AuditedAppOptions, createAuditedApp } from '../../support/audited-app.js';
import { lawFirm, lawFirmOracle } from '../../support/fixtures/law-firm.js';
import { sequence } from '../../support/sequenced.js';

/** Both have to answer alike. */
export const ADAPTERS = ['express', 'fastify'] as const;
export type Adapter = (typeof ADAPTERS)[number];

/** Grants what the header `x-access` says, as JSON; without it nobody is signed in. */
export class HeaderPolicy extends AuditAccessPolicy {
  accessOf({
    headers,
  }: {
    readonly headers: Readonly<Record<string, string | undefined>>;
  }): AuditAccess | null {
    const access = headers['x-access'];
    return access === undefined ? null : (JSON.parse(access) as AuditAccess);
  }
}

export const EVERYTHING: AuditAccess = {
  permissions: ['list', 'history', 'values', 'export', 'restore', 'coverage'],
  entities: { '*': { within: 'all' } },
};

/** Tests are refused more often than any reader. */
const PATIENT = { refusals: 100_000 };

/** The law firm with `AuditHttpModule`, listening on one of the adapters. */
export interface LawFirmApp extends AuditedApp {
  /** URL of the module. */
  readonly base: string;
  /** GET of a path under that of the module, as a reader with an access; null is nobody. */
  get(path: string, access?: AuditAccess | null): request.Test;
  /** The same as text. */
  download(path: string, access?: AuditAccess): Promise<{ readonly headers: Headers; readonly text: string }>;
}

export async function createLawFirmApp(
  adapter: Adapter,
  options: Partial<AuditedAppOptions> & { readonly http?: Partial<AuditHttpOptions> } = {},
): Promise<LawFirmApp> {
  const { http = {}, imports = [], ...rest } = options;
  const audited = await createAuditedApp({
    entities: lawFirm,
    oracle: lawFirmOracle,
    adapter: adapter === 'express' ? new ExpressAdapter() : new FastifyAdapter(),
    imports: [AuditHttpModule.forRoot({ access: new HeaderPolicy(), limits: PATIENT, ...http }), ...imports],
    ...rest,
  });
  await audited.app.listen(0, '127.0.0.1');
  // Streams of events refuse to answer for a trail that never had a sequencer.
  await sequence(audited.app);
  const base = `${await audited.app.getUrl()}/${http.path ?? 'audit'}`;
  const get = (route: string, access: AuditAccess | null = EVERYTHING): request.Test => {
    const test = request(base).get(route);
    return access === null ? test : test.set('x-access', JSON.stringify(access));
  };
  const download = async (route: string, access: AuditAccess = EVERYTHING) => {
    const response = await fetch(base + route, { headers: { 'x-access': JSON.stringify(access) } });
    if (!response.ok) {
      throw new Error(`${response.status}: ${await response.text()}`);
    }
    return { headers: response.headers, text: await response.text() };
  };
  const close = async (): Promise<void> => {
    // Node waits for connections on which nothing was asked yet, and a client that has left opens some: 72 seconds on Fastify.
    const leaving = setInterval(() => audited.app.getHttpServer().closeAllConnections(), 50);
    await audited.close();
    clearInterval(leaving);
  };
  return { ...audited, base, get, download, close };
}
