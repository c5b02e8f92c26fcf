import { AuditConfigurationError } from '../errors/configuration-error.js';
import { AUDIT_PERMISSIONS } from './access/audit-access.js';
import type {
  AuditAccessProvider,
  AuditHttpAsyncOptions,
  AuditHttpOptions,
  AuditHttpSettings,
  ViewerOptions,
} from './audit-http-options.js';
import { type HttpLimits, limitsWithDefaults } from './limits/http-limits.js';

const DEFAULT_PATH = 'audit';
const LEGAL_SETTINGS: readonly string[] = ['viewer', 'recordTrailReads', 'limits', 'security'];
const LEGAL_OPTIONS: readonly string[] = ['access', 'path', 'imports', ...LEGAL_SETTINGS];
const LEGAL_ASYNC_OPTIONS: readonly string[] = ['access', 'path', 'imports', 'inject', 'useFactory'];

export function checkedSync(options: AuditHttpOptions): AuditHttpOptions {
  assertKnown('AuditHttpModule', options, LEGAL_OPTIONS);
  return { ...options };
}

export function checkedAsync(options: AuditHttpAsyncOptions): AuditHttpAsyncOptions {
  assertKnown('AuditHttpModule.forRootAsync()', options, LEGAL_ASYNC_OPTIONS);
  if (typeof options.useFactory !== 'function') {
    throw new AuditConfigurationError(
      'AuditHttpModule.forRootAsync() has no factory, so it has no settings.',
      'Give it { useFactory }, or use AuditHttpModule.forRoot().',
    );
  }
  return { ...options };
}

function assertKnown(where: string, options: object, legal: readonly string[]): void {
  const unknown = Object.keys(options ?? {}).find((name) => !legal.includes(name));
  if (unknown !== undefined) {
    throw new AuditConfigurationError(
      `${where} does not know the option "${unknown}".`,
      `Use one of: ${legal.join(', ')}.`,
    );
  }
}

export function checkedAccess(access: AuditAccessProvider | undefined): AuditAccessProvider {
  if (!isAccess(access)) {
    throw new AuditConfigurationError(
      'AuditHttpModule has no access policy, so nobody could be kept from reading the whole trail.',
      'Give AuditHttpModule.forRoot({ access }) an AuditAccessPolicy, or { useClass }, { useExisting } or { useFactory }.',
    );
  }
  return access;
}

/** Without a slash at either end. */
export function checkedPath(path: string = DEFAULT_PATH): string {
  if (!/^\/?[\w-]+(?:\/[\w-]+)*\/?$/.test(path)) {
    throw new AuditConfigurationError(
      'The path of AuditHttpModule is no path of letters, digits, - and _.',
      'Give one such as "audit" or "admin/audit".',
    );
  }
  return path.replaceAll(/^\/|\/$/g, '');
}

/** The settings with their defaults. */
export interface CheckedSettings extends Required<Omit<AuditHttpSettings, 'limits'>> {
  readonly limits: Required<HttpLimits>;
}

export function checkedSettings(settings: AuditHttpSettings): CheckedSettings {
  assertKnown('The factory of AuditHttpModule.forRootAsync()', settings, LEGAL_SETTINGS);
  const { viewer = {}, recordTrailReads = true, limits = {}, security = [] } = settings;
  assertLinks(viewer || {});
  assertSwitch(viewer || {});
  if (typeof recordTrailReads !== 'boolean' && !isPermissions(recordTrailReads)) {
    throw new AuditConfigurationError(
      'The option recordTrailReads of AuditHttpModule is neither true nor false nor a list of permissions.',
      `Give a boolean, or some of: ${AUDIT_PERMISSIONS.join(', ')}.`,
    );
  }
  if (!Array.isArray(security) || security.some((name) => typeof name !== 'string' || name === '')) {
    throw new AuditConfigurationError(
      'The option security of AuditHttpModule is no list of names.',
      "Give those of security schemes of the OpenAPI document, such as ['bearer'], or leave it out.",
    );
  }
  return { viewer, recordTrailReads, limits: limitsWithDefaults(limits), security };
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

/** Anything taken for yes by mistake would hand out sessions. */
function assertSwitch({ oneTimeLinks }: ViewerOptions): void {
  if (oneTimeLinks !== undefined && typeof oneTimeLinks !== 'boolean') {
    throw new AuditConfigurationError(
      'The option oneTimeLinks of the viewer of AuditHttpModule is neither true nor false.',
      'Give a boolean, or leave it out.',
    );
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
