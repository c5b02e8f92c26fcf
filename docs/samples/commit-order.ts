import type { AuditSequencer } from 'nestjs-mikro-audit';

// #region health
/** What is wrong with the order of the trail, for a health check; empty where all is well. */
export async function lateTrails(sequencer: AuditSequencer, mostSeconds: number): Promise<readonly string[]> {
  const oldest = Date.now() - mostSeconds * 1_000;
  return (await sequencer.health()).flatMap(({ instance, isRunning, waiting, waitingSince, lateTicks }) => [
    ...(isRunning ? [] : [`${instance}: nobody gives positions`]),
    ...(waitingSince && waitingSince.getTime() < oldest ? [`${instance}: ${waiting} revisions wait`] : []),
    ...(lateTicks > 0 ? [`${instance}: somebody has written rows with the id of another transaction`] : []),
  ]);
}
// #endregion
