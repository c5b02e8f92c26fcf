import { createHash } from 'node:crypto';

/**
 * The stored form of a bearer token. A fast hash is enough, unlike for passwords: real tokens are long and random,
 * so nobody can try them all.
 */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
