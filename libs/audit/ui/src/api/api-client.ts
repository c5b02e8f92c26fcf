import { problemOf, toProblem } from './problem.js';
import type { HeadersHook } from './viewer-settings.js';

/** Talks to AuditHttpModule. Every failure is a `Problem`. */
export class ApiClient {
  /**
   * @param root URL of the module, with a slash at its end
   * @param headers what the app adds to every request
   */
  constructor(
    private readonly root: URL,
    private readonly headers: HeadersHook,
  ) {}

  async get<T>(path: string, query?: URLSearchParams, signal?: AbortSignal): Promise<T> {
    const response = await this.open(path, query, { accept: 'application/json' }, signal);
    return this.read<T>(response);
  }

  async post<T>(path: string, body: object): Promise<T> {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const response = await this.send(this.url(path), { method: 'POST', headers, body: JSON.stringify(body) });
    return this.read<T>(response);
  }

  /** A response whose body is still to be read. */
  open(
    path: string,
    query: URLSearchParams | undefined,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<Response> {
    return this.send(this.url(path, query), { headers, ...(signal && { signal }) });
  }

  url(path: string, query?: URLSearchParams): string {
    const url = new URL(path, this.root);
    url.search = query?.toString() ?? '';
    return url.href;
  }

  private async send(url: string, init: RequestInit): Promise<Response> {
    try {
      const headers = { ...init.headers, ...(await this.headers()) };
      const response = await fetch(url, { ...init, headers, credentials: 'same-origin' });
      if (!response.ok) throw await problemOf(response);
      return response;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw toProblem(error);
    }
  }

  private async read<T>(response: Response): Promise<T> {
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw toProblem(error);
    }
  }
}

/** The path of an entity in the API. */
export function entityPath(type: string, id: string, rest = ''): string {
  return `entities/${encodeURIComponent(type)}/${encodeURIComponent(id)}${rest}`;
}
