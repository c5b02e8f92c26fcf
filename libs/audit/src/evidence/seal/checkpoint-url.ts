import { EvidencePublishError } from '../../errors/evidence-errors.js';
import type { CheckpointPublisher } from './checkpoint-publisher.js';

const TIMEOUT = 10_000;
/** Characters of an answer that can be a checkpoint: a few lines, and one for each signature. */
const MOST = 64 * 1024;

/** How a server is asked. */
export interface CheckpointUrlOptions {
  /**
   * Headers of each request, such as `authorization`.
   * @default none
   */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Publishes checkpoints to a server: `PUT <url>/<origin>` with the checkpoint as `text/plain`, the origin as in a URL. `GET` of
 * the same has to answer with the newest one, or with 404 when there is none. The server should keep all of them, and not
 * take a smaller one that comes late for the newest.
 * @param url without a slash at its end, and without credentials
 * @throws EvidencePublishError for a URL with credentials
 */
export function checkpointUrl(url: string, { headers = {} }: CheckpointUrlOptions = {}): CheckpointPublisher {
  const { username, password, host } = URL.parse(url) ?? {};
  if (username || password) {
    // Nothing is asked with such a URL, and the log would show the password.
    throw new EvidencePublishError(
      host ?? '',
      'its URL has credentials; give them as the header authorization, by the option headers',
    );
  }
  const ask = async (origin: string, method: string, note?: string): Promise<Response> => {
    const response = await fetch(`${url}/${encodeURIComponent(origin)}`, {
      method,
      headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
      ...(note !== undefined && { body: note }),
    });
    if (!response.ok || method === 'PUT') {
      // The rest of it is not read: it can be of any size.
      await response.body?.cancel();
    }
    if (!response.ok && !(method === 'GET' && response.status === 404)) {
      throw new EvidencePublishError(url, `it answers ${method} with ${response.status}`);
    }
    return response;
  };
  return {
    place: url,
    async latest(origin) {
      const response = await ask(origin, 'GET');
      return response.status === 404 ? null : textOf(response, url);
    },
    async publish(origin, _size, note) {
      await ask(origin, 'PUT', note);
    },
  };
}

async function textOf(response: Response, url: string): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  // Ending the loop cancels the answer.
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST) {
      throw new EvidencePublishError(
        url,
        `its answer is longer than a checkpoint can be, ${MOST} characters`,
      );
    }
  }
  return text + decoder.decode();
}
