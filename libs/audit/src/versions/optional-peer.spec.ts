import { describe, expect, it } from '@jest/globals';
import { isNotInstalled } from './optional-peer.js';

describe('an optional peer', () => {
  it('is not installed, say Node', async () => {
    const name = 'no-such-package-of-ours';
    const error = await import(name).catch((cause: unknown) => cause);
    expect(isNotInstalled(error)).toBe(true);
  });

  it('is not installed, says Jest', () => {
    expect(isNotInstalled(Object.assign(new Error('no'), { code: 'MODULE_NOT_FOUND' }))).toBe(true);
  });

  it.each([[new Error('It throws when it is loaded.')], [null]])('is not missing: %s', (error) => {
    expect(isNotInstalled(error)).toBe(false);
  });
});
