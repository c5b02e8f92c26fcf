import { expect, it } from '@jest/globals';
import { wayBack } from './way-back.js';

it.each(['/audit/ui/', '/audit/ui/entities/work-order/1?view=past&at=2'])('leads back to %s', (path) => {
  expect(wayBack(path)).toBe(path);
});

it.each([
  undefined,
  '',
  'audit/ui/',
  '//other.example/',
  '/\\other.example/',
  '/.//other.example/',
  '/a/..//other.example/',
  '/\t/other.example/',
  'https://other.example/',
  'javascript:alert(1)',
])('never leads to another site: %p', (path) => {
  expect(wayBack(path)).toBe('/audit/ui/');
});
