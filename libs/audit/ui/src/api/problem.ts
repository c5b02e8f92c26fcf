/** A failed request, as the server's problem document tells it. */
export class Problem extends Error {
  override readonly name = 'Problem';

  /** @param status HTTP status; 0 when there was no answer */
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly code: string | null,
  ) {
    super(detail === '' ? title : detail);
  }
}

/** The problem of a response that is none of success; bodies that are no problem documents are not shown. */
export async function problemOf(response: Response): Promise<Problem> {
  const json = await response.json().catch(() => null);
  const text = (name: string): string | null => (typeof json?.[name] === 'string' ? json[name] : null);
  const title = text('title') ?? (response.statusText || `HTTP ${response.status}`);
  const detail = text('detail') ?? text('message') ?? '';
  return new Problem(response.status, title, detail, text('code'));
}

/** Any thrown thing as a problem. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  // Fetch and import throw this when nothing comes back.
  const title = thrown instanceof TypeError ? 'The server did not answer' : 'Something went wrong';
  return new Problem(0, title, detail, null);
}
