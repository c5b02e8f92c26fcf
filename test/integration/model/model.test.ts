import { afterAll, beforeAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import { MODEL_RUNS, RANDOM_TIMEOUT, randomRuns } from '../../support/random-runs.js';
import { ModelRun } from './model-run.js';
import { printScript, type Script } from './script.js';
import { scripts } from './script-arbitrary.js';

const { AUDIT_SOAK_RUNS, AUDIT_MODEL_SCRIPT } = process.env;
const { numRuns, seed = Math.floor(Math.random() * 2 ** 31), path } = randomRuns(MODEL_RUNS);

let model: ModelRun;

beforeAll(async () => {
  if (AUDIT_SOAK_RUNS !== undefined) {
    // At once; Jest prints the names of tests when they are over.
    process.stderr.write(`\n${numRuns} runs of the model, AUDIT_SEED=${seed}\n`);
  }
  model = await ModelRun.boot();
});
afterAll(() => model.close());

describe('the trail of random work', () => {
  it(
    `is exactly what happened (${numRuns} runs, AUDIT_SEED=${seed})`,
    async () => {
      if (AUDIT_MODEL_SCRIPT !== undefined) {
        await model.run(JSON.parse(AUDIT_MODEL_SCRIPT) as Script);
        return;
      }
      await fc.assert(
        fc.asyncProperty(scripts(14), async (script) => model.run(script)),
        {
          seed,
          numRuns,
          ...(path === undefined ? {} : { path }),
          reporter: (result) => {
            if (result.failed) {
              throw new Error(
                failureText(
                  result.counterexample?.[0] ?? [],
                  result.counterexamplePath,
                  result.errorInstance,
                ),
              );
            }
          },
        },
      );
    },
    RANDOM_TIMEOUT,
  );
});

function failureText(script: Script, path: string | null, error: unknown): string {
  return [
    error instanceof Error ? error.message : String(error),
    '',
    `The script, for one of the *-regressions.ts:\n[\n${printScript(script)}\n]`,
    '',
    `Replay: AUDIT_SEED=${seed} AUDIT_SEED_PATH=${path} npm test -- test/integration/model/model.test.ts`,
    `or, independent of the generator: AUDIT_MODEL_SCRIPT='${JSON.stringify(script)}' npm test -- test/integration/model/model.test.ts`,
  ].join('\n');
}
