import { describeCause } from '../../errors/describe-cause.js';
import type { Checkpoint } from '../note/checkpoint.js';
import type { CheckpointVerifier } from '../note/log-trust.js';
import type { FindingList } from './finding-list.js';

/**
 * The checkpoints that are believed, the smallest first and one of each size. A checkpoint that is not believed, or contradicts
 * itself, is a finding.
 * @param notes signed checkpoints, in any order
 */
export function trustedCheckpoints(
  notes: readonly string[],
  verifier: CheckpointVerifier,
  findings: FindingList,
): readonly Checkpoint[] {
  const bySize = new Map<number, Checkpoint>();
  for (const note of notes) {
    let checkpoint: Checkpoint;
    try {
      checkpoint = verifier.verify(note);
    } catch (error) {
      findings.add('checkpoint-refused', describeCause(error));
      continue;
    }
    const { size, root } = checkpoint;
    const known = bySize.get(size);
    if (known && !known.root.equals(root)) {
      findings.add(
        'checkpoints-conflict',
        `The log has signed two roots for its first ${size} positions: ${known.root.toString('base64')} and ${root.toString('base64')}.`,
        size === 0 ? {} : { from: 0, to: size - 1 },
      );
    }
    bySize.set(size, known ?? checkpoint);
  }
  return [...bySize.values()].sort((one, other) => one.size - other.size);
}
