import type { SealingHealth, SequencerHealth } from '../../sequence/audit-sequencer.js';
import type { NewFinding } from './new-finding.js';

/** Milliseconds that a revision may wait for its position: a tick takes one second, and a new leader one minute. */
const LONGEST_WAIT = 300_000;
/** Three times the 15 minutes after which a checkpoint is published at the latest. */
const LONGEST_SILENCE = 2_700_000;

/** Findings about the order of a trail and its seals. */
export function orderFindings(
  { instance, waiting, waitingSince, problem, lateTicks, evidence }: SequencerHealth,
  now = Date.now(),
): readonly NewFinding[] {
  const found: NewFinding[] = [];
  if (problem !== null) {
    const remedy =
      'Look for AuditSequencer in the log of the app, or of mikro-audit sequence: it says what to do.';
    found.push(['positions-late', 'error', instance, `No positions are given: ${problem}.`, remedy]);
  } else if (waitingSince !== null && now - waitingSince.getTime() > LONGEST_WAIT) {
    const message = `${waiting} revisions have no position, the first one since ${waitingSince.toISOString()}: the feed, live events and seals lack them.`;
    found.push([
      'positions-late',
      'error',
      instance,
      message,
      'Run mikro-audit sequence, or remove sequencer: false.',
    ]);
  }
  if (lateTicks > 0) {
    const message = `${lateTicks} times rows were found that somebody had written with the id of another transaction.`;
    found.push([
      'rows-late',
      'warning',
      instance,
      message,
      'Run the script of auditPrivileges(): its guard refuses such rows.',
    ]);
  }
  return [...found, ...sealFindings(instance, evidence, now)];
}

function sealFindings(instance: string, evidence: SealingHealth | null, now: number): readonly NewFinding[] {
  if (evidence === null) {
    const message = 'The owner of the tables can change the trail unnoticed: it is not sealed.';
    return [['trail-unsealed', 'info', instance, message, 'Give AuditModule the option evidence.']];
  }
  const { origin, publishedAt } = evidence;
  if (publishedAt !== null && now - publishedAt.getTime() <= LONGEST_SILENCE) {
    return [];
  }
  const since =
    publishedAt === null ? 'was ever published' : `was published since ${publishedAt.toISOString()}`;
  const remedy = 'Look for AuditSequencer in the log of the app, or of mikro-audit sequence: it says why.';
  return [['checkpoint-late', 'error', instance, `No checkpoint of ${origin} ${since}.`, remedy]];
}
