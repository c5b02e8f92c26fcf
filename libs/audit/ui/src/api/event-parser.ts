/** A message of a `text/event-stream`. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  /** Null when the server gave none. */
  readonly id: string | null;
}

/**
 * Reads `text/event-stream` piece by piece. EventSource would do it, but cannot send the headers that an app with bearer
 * tokens needs.
 */
export class EventParser {
  private rest = '';
  private lines: string[] = [];

  /** The events that this piece completes. */
  push(piece: string): readonly ServerEvent[] {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?=[\s\S])/);
    this.rest = lines.pop() ?? '';
    return lines.flatMap((line) => {
      if (line !== '') {
        this.lines.push(line);
        return [];
      }
      const event = eventOf(this.lines);
      this.lines = [];
      return event === null ? [] : [event];
    });
  }
}

function eventOf(lines: readonly string[]): ServerEvent | null {
  const values = (name: string): string[] =>
    lines
      .filter((line) => line === name || line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ''));
  const data = values('data');
  if (data.length === 0) return null;
  return {
    event: values('event').at(-1) ?? 'message',
    data: data.join('\n'),
    id: values('id').at(-1) ?? null,
  };
}
