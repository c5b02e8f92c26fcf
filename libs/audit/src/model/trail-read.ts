/**
 * Actions of revisions that tell of a read of the trail itself, as `AuditHttpModule` and the scheduled check record them. Readers who follow the trail
 * leave such revisions out, or would read about their own reading for ever.
 */
export const TRAIL_READ_ACTIONS = [
  'audit.search',
  'audit.activity',
  'audit.counts',
  'audit.follow',
  'audit.history',
  'audit.latest',
  'audit.revision',
  'audit.state',
  'audit.diff',
  'audit.blame',
  'audit.coverage',
  'audit.check',
  'audit.export',
  'audit.export-ended',
  'audit.export-manifest',
  'audit.proof',
  'audit.proof-record',
  'audit.plan-restore',
  'audit.restore',
] as const;

export type TrailReadAction = (typeof TRAIL_READ_ACTIONS)[number];
