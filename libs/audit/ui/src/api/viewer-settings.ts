/** The settings of the page, from the options of AuditHttpModule. */
export interface ViewerSettings {
  /** Name of the app, in the header; left out: `Audit trail`. */
  readonly title?: string;
  /** URL of a module of the same origin that gives the headers of requests. */
  readonly hook?: string;
  /** Where to sign in; the page adds `return`, its own path. */
  readonly signInUrl?: string;
  /** Where the app is. */
  readonly homeUrl?: string;
}

/** Headers that the app adds to every request, such as `authorization`. */
export type HeadersHook = () => Promise<Readonly<Record<string, string>>>;

/** Reads the settings from the page; without any, or with unreadable ones, there are none. */
export function readSettings(text: string | null | undefined): ViewerSettings {
  try {
    const json: unknown = JSON.parse(text ?? '');
    if (typeof json !== 'object' || json === null) return {};
    return Object.fromEntries(Object.entries(json).filter(([, value]) => typeof value === 'string'));
  } catch {
    return {};
  }
}

/** The hook of the app; without one requests have no further headers. The browser refuses other origins: CSP. */
export async function loadHook(settings: ViewerSettings): Promise<HeadersHook> {
  if (settings.hook === undefined) return async () => ({});
  const module: { readonly headers?: HeadersHook } = await import(
    new URL(settings.hook, document.baseURI).href
  );
  if (typeof module.headers !== 'function') {
    throw new Error(
      `The hook ${settings.hook} has no function "headers". Export one that returns an object of headers.`,
    );
  }
  return module.headers;
}
