/** Runs of the random model in `npm test`. */
export const MODEL_RUNS = 120;

const { AUDIT_SOAK_RUNS, AUDIT_SEED, AUDIT_SEED_PATH } = process.env;

/** As fast-check prints it for a failure. Undefined draws a new one. */
const givenSeed = AUDIT_SEED === undefined ? undefined : Number(AUDIT_SEED);

/**
 * How often fast-check tries a property of the trail, and from which seed.
 * @param usual runs in `npm test`; a soak of more model runs takes as many times more of these
 */
export function randomRuns(usual: number) {
  const runs = Number(AUDIT_SOAK_RUNS ?? MODEL_RUNS);
  return {
    numRuns: Math.ceil((usual * runs) / MODEL_RUNS),
    ...(givenSeed === undefined ? {} : { seed: givenSeed }),
    ...(AUDIT_SEED_PATH === undefined ? {} : { path: AUDIT_SEED_PATH }),
  };
}

/** Long enough for any number of runs: what hangs is found by the timeouts of the server. */
export const RANDOM_TIMEOUT = 4 * 60 * 60_000;
