import { hash } from 'node:crypto';

/**
 * SHA-256 of a secret, a colon and a text, in base64: salts are made of seeds and names so, and commitments of salts and values. It is
 * the plain hash and no HMAC, so that `sha256sum` can check it, and because a row needs two dozen. An HMAC would keep others from
 * lengthening what was hashed. Here that leads nowhere: the bytes with which SHA-256 pads begin with 0x80, which no UTF-8 has behind
 * a whole character, so a lengthened name is no name, and to lengthen a value finds no other one with the same hash.
 * @param secret 32 bytes in base64: always as long, so that it is clear where it ends
 */
export function saltedHash(secret: string, text: string): string {
  return hash('sha256', `${secret}:${text}`, 'base64');
}
