import type { AuditSequencer } from 'nestjs-mikro-audit';

// #region health
/** Problems with the order of the trail and its seals, for a health check; empty where all is well. */
export async function lateTrails(sequencer: AuditSequencer, mostSeconds: number): Promise<readonly string[]> {
  const isOld = (time: Date | null, seconds: number) =>
    time !== null && time.getTime() < Date.now() - seconds * 1_000;
  return (await sequencer.health()).flatMap(
    ({ instance, isRunning, waiting, waitingSince, problem, lateTicks, evidence }) => [
      ...(isRunning ? [] : [`${instance}: nobody gives positions`]),
      ...(isOld(waitingSince, mostSeconds) ? [`${instance}: ${waiting} revisions wait`] : []),
      ...(problem === null ? [] : [`${instance}: ${problem}`]),
      ...(lateTicks > 0 ? [`${instance}: somebody has written rows with the id of another transaction`] : []),
      // It is published once in 15 minutes, also when nothing is written.
      ...(evidence && isOld(evidence.publishedAt, 2_700)
        ? [`${instance}: nobody publishes checkpoints`]
        : []),
    ],
  );
}
// #endregion
