import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { ModelRun } from './model-run.js';
import { regressions } from './regressions.js';

let model: ModelRun;

beforeAll(async () => {
  model = await ModelRun.boot();
});
afterAll(() => model.close());

describe('what once failed', () => {
  it.each(Object.entries(regressions))('%s', (_, script) => model.run(script));
});
