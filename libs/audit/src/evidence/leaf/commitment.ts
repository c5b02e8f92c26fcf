import { hash } from 'node:crypto';
import { HASH_BYTES } from '../merkle/hashes.js';

const BLOCK = 64;
const INNER = 0x36;
const OUTER = 0x5c;

let scratch = Buffer.alloc(4096);

/**
 * HMAC-SHA256 in base64. Rows need dozens of them, and `createHmac()` makes a native object for each, which takes ten times
 * as long as the two hashes that an HMAC is.
 * @param key 32 bytes
 */
export function hmacOf(key: Uint8Array, message: string): string {
  const length = BLOCK + Buffer.byteLength(message);
  if (scratch.length < length) {
    scratch = Buffer.alloc(length * 2);
  }
  writePad(key, INNER);
  scratch.write(message, BLOCK, 'utf8');
  const inner = hash('sha256', scratch.subarray(0, length), 'base64');
  writePad(key, OUTER);
  scratch.write(inner, BLOCK, 'base64');
  return hash('sha256', scratch.subarray(0, BLOCK + HASH_BYTES), 'base64');
}

function writePad(key: Uint8Array, pad: number): void {
  for (let index = 0; index < HASH_BYTES; index += 1) {
    scratch[index] = (key[index] ?? 0) ^ pad;
  }
  scratch.fill(pad, HASH_BYTES, BLOCK);
}
