import { describe, expect, it } from '@jest/globals';
import { assertSupportedVersions, isWithin } from './supported-versions.js';

describe('a version', () => {
  it.each([
    ['12.5.1', '^11.0.0 || ^12.0.0', true],
    ['11.0.0', '^11.0.0 || ^12.0.0', true],
    ['10.4.22', '^11.0.0 || ^12.0.0', false],
    ['13.0.0', '^11.0.0 || ^12.0.0', false],
    ['7.1.6', '^7.1.7', false],
    ['7.1.7', '^7.1.7', true],
    ['7.10.0', '^7.2.1', true],
    ['7.2.0-dev.10', '^7.1.7', true],
    ['8.0.0', '^7.1.7', false],
    ['22.16.0', '>=22.17', false],
    ['22.17.0', '>=22.17', true],
    ['26.1.0', '>=22.17', true],
  ])('%s is within %s: %s', (version, range, expected) => {
    expect(isWithin(version, range)).toBe(expected);
  });
});

describe('the versions that are installed', () => {
  it('are supported', () => {
    expect(() => assertSupportedVersions()).not.toThrow();
  });

  it.each([
    ['@nestjs/core', '10.4.22', 'supports yours'],
    ['@mikro-orm/core', '6.6.16', 'supports yours'],
    ['@nestjs/swagger', '8.1.1', 'supports yours'],
    ['node', '20.20.2', 'Run the app with a Node'],
  ])('are refused by name, with the range: %s %s', (name, version, remedy) => {
    expect(() => assertSupportedVersions((asked) => (asked === name ? version : null))).toThrow(
      expect.objectContaining({
        code: 'AUDIT_CONFIGURATION',
        message: expect.stringMatching(new RegExp(`${name} ${version}: it needs [^.]*\\d.*${remedy}`, 's')),
      }),
    );
  });

  it('are not refused where nobody can tell them', () => {
    expect(() => assertSupportedVersions(() => null)).not.toThrow();
  });
});
