import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../model/json.js';
import { jsonPrefix } from '../text/safe-text.js';
import { canonicalJson } from './canonical-json.js';

/** Payload of a `$cut` tag. */
type CutDetail =
  | { readonly reason: 'depth' }
  | {
      readonly reason: 'size';
      /**
       * Says what the next three describe. `string`: the text that the value is, so that somebody who has the text can check
       * it; `json`: the canonical JSON text of any other value, with its tags.
       */
      readonly of: 'string' | 'json';
      /** Length in UTF-8; when `sha256` is null only a lower bound. */
      readonly bytes: number;
      /** Hex SHA-256 of the UTF-8 text; null when the value was too large to be read to its end. */
      readonly sha256: string | null;
      /** The beginning, as much as fits. */
      readonly prefix: string;
    };

interface CutOptions {
  /** False when the encoded value is only the beginning of the value. */
  readonly complete: boolean;
  /** Limit for the JSON text of the result. */
  readonly maxBytes: number;
}

/** Stands for an array or object that is nested too deeply. It is not read, so nothing else is known of it. */
export const DEPTH_CUT: JsonObject = Object.freeze({ $cut: Object.freeze({ reason: 'depth' }) });

/**
 * Replaces a value that is too large by as much of its beginning as fits.
 */
export function cutBySize(encoded: JsonValue, { complete, maxBytes }: CutOptions): JsonObject {
  const text = typeof encoded === 'string' ? encoded : canonicalJson(encoded);
  const head = {
    reason: 'size',
    of: typeof encoded === 'string' ? 'string' : 'json',
    bytes: Buffer.byteLength(text),
    sha256: complete ? createHash('sha256').update(text).digest('hex') : null,
  } as const;
  const room = maxBytes - Buffer.byteLength(JSON.stringify(cutTag({ ...head, prefix: '' })));
  return cutTag({ ...head, prefix: jsonPrefix(text, room) });
}

function cutTag(detail: CutDetail): JsonObject {
  return { $cut: { ...detail } };
}
