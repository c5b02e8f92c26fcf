/** Where a request carries the reason of what it does. */
export interface ReasonFields {
  /** Name of a header. The body wins when both have one. */
  readonly header?: string;
  /** Name of a field at the top of a parsed JSON or form body. */
  readonly body?: string;
}

/**
 * Takes the reason out of a request; null when it has none. Only called when something audited is written, and only
 * when no reason was given otherwise.
 */
export type ReasonReader = (request: unknown) => string | null;

interface RequestParts {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** A reader of fields. A reader that fails gives no reason: what a client sends never makes a write fail by itself. */
export function reasonReader(option: ReasonFields | ReasonReader | undefined): ReasonReader | null {
  if (option === undefined) {
    return null;
  }
  const read = typeof option === 'function' ? option : (request: unknown) => fieldOf(request, option);
  return (request) => {
    try {
      const reason: unknown = read(request);
      return typeof reason === 'string' && reason.trim() !== '' ? reason : null;
    } catch {
      return null;
    }
  };
}

function fieldOf(request: unknown, { header, body: field }: ReasonFields): string | null {
  const { headers, body } = (request ?? {}) as RequestParts;
  const given: unknown[] = [
    field !== undefined && typeof body === 'object' && body !== null && Object.hasOwn(body, field)
      ? (body as Record<string, unknown>)[field]
      : undefined,
    header === undefined ? undefined : headers?.[header.toLowerCase()],
  ];
  return given.find((text): text is string => typeof text === 'string' && text.trim() !== '') ?? null;
}
