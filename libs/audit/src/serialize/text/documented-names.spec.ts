import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { SecretNames } from './secret-names.js';

it.each([
  ['SECURITY.md', /whose name says that it holds a secret\s+\(([^)]*)\)/, true],
  ['docs/04-considerations/security.md', /Names are read by their words \(([^)]*)\)/, true],
  ['docs/03-guides/masking.md', /properties whose name says that they hold a secret:([^.]*)\./, true],
  ['docs/03-guides/masking.md', /Names that speak \*about\* a secret are not:([^.;]*)[.;]/, false],
])('%s names what is a secret, and what is not: %s', (file, sentence, isSecret) => {
  const [, list = ''] =
    sentence.exec(readFileSync(new URL(`../../../../../${file}`, import.meta.url), 'utf8')) ?? [];
  const names = [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(2);
  expect(names.map((name) => [name, new SecretNames().isSecret(name)])).toEqual(
    names.map((name) => [name, isSecret]),
  );
});
