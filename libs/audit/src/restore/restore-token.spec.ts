import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { RestoreRequest } from '../model/restore-plan.js';
import { RestoreTokens } from './restore-token.js';

const REQUEST: RestoreRequest = { kind: 'revision', instance: 'default', revisionId: '7', accept: [] };
const basisOf = (price: number) => `{"price":${price}}`;
const [OLD, NEW] = ['o'.repeat(32), 'n'.repeat(32)];

describe('a token', () => {
  it('says what was asked for, and whether a plan depends on the same', () => {
    const tokens = new RestoreTokens([NEW]);
    const token = tokens.decode(tokens.encode(REQUEST, basisOf(1)));
    expect(token.request).toEqual(REQUEST);
    expect([token.isOf(basisOf(1)), token.isOf(basisOf(2))]).toEqual([true, false]);
  });

  it('does not tell what its plan depends on to who tries all of it', () => {
    const text = new RestoreTokens([NEW]).encode(REQUEST, basisOf(873));
    const [, content = '', signature = ''] = text.split('.');
    const [, nonce, digest] = JSON.parse(Buffer.from(content, 'base64url').toString());
    for (let price = 0; price < 1_000; price += 1) {
      const guess = basisOf(price);
      // An attacker has read the source.
      const purpose = 'nestjs-mikro-audit restore token\n';
      for (const tried of [guess, nonce + guess, purpose + guess, purpose + nonce + guess]) {
        for (const guessed of [
          createHash('sha256').update(tried),
          createHmac('sha256', '').update(tried),
          createHmac('sha256', nonce).update(tried),
          createHmac('sha256', signature).update(tried),
        ]) {
          const bytes = guessed.digest();
          expect([bytes.toString('base64url'), bytes.toString('hex')]).not.toContain(digest);
        }
      }
    }
  });

  it('is another one each time, so that two do not tell that nothing has changed', () => {
    const tokens = new RestoreTokens([NEW]);
    expect(tokens.encode(REQUEST, basisOf(1))).not.toBe(tokens.encode(REQUEST, basisOf(1)));
  });

  it('is taken by processes that have its key, also when another one signs by now', () => {
    const token = new RestoreTokens([OLD]).encode(REQUEST, basisOf(1));
    expect(new RestoreTokens([NEW, OLD]).decode(token).isOf(basisOf(1))).toBe(true);
    expect(() => new RestoreTokens([NEW]).decode(token)).toThrow(/another key.*restoreKeys/);
  });

  it.each(['', 'r1.e30', 'r2..', 'r2.e30.e30', 'r2', '.'])('%j is none', (text) => {
    expect(() => new RestoreTokens([NEW]).decode(text)).toThrow(/not one of a restore plan/);
  });
});
