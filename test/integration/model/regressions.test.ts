import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { cascadeRegressions } from './cascade-regressions.js';
import { linkRegressions } from './link-regressions.js';
import { ModelRun } from './model-run.js';
import { rowRegressions } from './row-regressions.js';

let model: ModelRun;

beforeAll(async () => {
  model = await ModelRun.boot();
});
afterAll(() => model.close());

describe('what once failed', () => {
  const regressions = { ...rowRegressions, ...cascadeRegressions, ...linkRegressions };
  it.each(Object.entries(regressions))('%s', (_, script) => model.run(script));
});
