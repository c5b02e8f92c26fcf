import { expect } from '@jest/globals';
import { EVERYTHING, type LawFirmApp } from './law-firm-app.js';

interface LiveEvent {
  readonly id: string;
  readonly data: { readonly id: string; readonly counts: Readonly<Record<string, number>> };
}

/** Listens to `/events` until it has heard enough. */
export async function listen(
  firm: Pick<LawFirmApp, 'base'>,
  {
    isEnough,
    headers = {},
    access = EVERYTHING,
    whenOpen,
  }: {
    readonly isEnough: (ids: readonly string[]) => boolean | Promise<boolean>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly access?: object;
    readonly whenOpen?: () => Promise<void>;
  },
): Promise<readonly LiveEvent[]> {
  const ending = new AbortController();
  const response = await fetch(`${firm.base}/events`, {
    headers: { 'x-access': JSON.stringify(access), ...headers },
    signal: ending.signal,
  });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  let isOpen = false;
  const events: LiveEvent[] = [];
  let text = '';
  for await (const piece of response.body ?? []) {
    text += Buffer.from(piece).toString();
    if (!isOpen && text.trim() !== '') {
      // The headers come before it is known where the stream begins; the first comment or event after.
      isOpen = true;
      await whenOpen?.();
    }
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, id] = /^id: (.*)$/m.exec(block) ?? [];
      const [, data] = /^data: (.*)$/m.exec(block) ?? [];
      if (/^event: revision$/m.test(block) && id && data) {
        events.push({ id, data: JSON.parse(data) });
      }
    }
    if (isOpen && (await isEnough(events.map(({ id }) => id)))) {
      break;
    }
  }
  ending.abort();
  return events;
}
