import { expect, it } from '@jest/globals';
import { checkpointUrl } from './checkpoint-url.js';

it('a URL with credentials is refused, and not repeated', () => {
  const place = (): unknown => checkpointUrl('https://anna:hush@checkpoints.example.com/logs');
  expect(place).toThrow(/checkpoints\.example\.com.*headers/s);
  expect(place).not.toThrow(/hush/);
});
