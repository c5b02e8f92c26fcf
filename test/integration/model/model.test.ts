import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { AuditPostgreSqlDriver, auditTriggers } from 'nestjs-mikro-audit';
import { MODEL_RUNS, RANDOM_TIMEOUT, randomRuns } from '../../support/random-runs.js';
import { ModelRun } from './model-run.js';
import { printScript, type Script } from './script.js';
import { scripts } from './script-arbitrary.js';

const { AUDIT_SOAK_RUNS, AUDIT_MODEL_SCRIPT } = process.env;
const { numRuns, seed = Math.floor(Math.random() * 2 ** 31), path } = randomRuns(MODEL_RUNS);

/** The runs are shared out between them, with a seed of its own unless a failure is replayed. */
const SETUPS = [
  { name: 'PostgreSqlDriver', driver: PostgreSqlDriver },
  { name: 'AuditPostgreSqlDriver', driver: AuditPostgreSqlDriver },
  { name: 'AuditPostgreSqlDriver and triggers', driver: AuditPostgreSqlDriver, hasTriggers: true },
  { name: 'a schema for each tenant', driver: AuditPostgreSqlDriver, hasTenants: true },
].map((setup, index) => ({
  hasTriggers: false,
  hasTenants: false,
  ...setup,
  ownSeed: path === undefined ? seed + index : seed,
}));

beforeAll(() => {
  if (AUDIT_SOAK_RUNS !== undefined) {
    // At once; Jest prints the names of tests when they are over.
    process.stderr.write(`\n${numRuns} runs of the model, AUDIT_SEED=${seed}\n`);
  }
});

describe.each(SETUPS)(
  'the trail of random work with $name',
  ({ driver, hasTriggers, hasTenants, ownSeed }) => {
    let model: ModelRun;

    beforeAll(async () => {
      model = await ModelRun.boot({
        driver,
        hasTenants,
        ...(hasTriggers ? { afterDiscovered: auditTriggers() } : {}),
      });
    });
    afterAll(() => model.close());

    it(
      `is exactly what happened (${numRuns / SETUPS.length} runs, AUDIT_SEED=${ownSeed})`,
      async () => {
        if (AUDIT_MODEL_SCRIPT !== undefined) {
          await model.run(JSON.parse(AUDIT_MODEL_SCRIPT) as Script);
          return;
        }
        await fc.assert(
          fc.asyncProperty(scripts(14, { hasTriggers, hasTenants }), async (script) => model.run(script)),
          {
            seed: ownSeed,
            numRuns: Math.ceil(numRuns / SETUPS.length),
            ...(path === undefined ? {} : { path }),
            reporter: (result) => {
              if (result.failed) {
                throw new Error(
                  failureText(
                    result.counterexample?.[0] ?? [],
                    result.counterexamplePath,
                    result.errorInstance,
                    ownSeed,
                  ),
                );
              }
            },
          },
        );
      },
      RANDOM_TIMEOUT,
    );
  },
);

function failureText(script: Script, at: string | null, error: unknown, of: number): string {
  return [
    error instanceof Error ? error.message : String(error),
    '',
    `The script, for one of the *-regressions.ts:\n[\n${printScript(script)}\n]`,
    '',
    `Replay: AUDIT_SEED=${of} AUDIT_SEED_PATH=${at} npm test -- test/integration/model/model.test.ts`,
    `or, independent of the generator: AUDIT_MODEL_SCRIPT='${JSON.stringify(script)}' npm test -- test/integration/model/model.test.ts`,
  ].join('\n');
}
