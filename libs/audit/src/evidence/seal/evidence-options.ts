import { isOrigin } from '../note/checkpoint.js';
import type { NoteSigner } from '../note/note-key.js';
import type { CheckpointPublisher } from './checkpoint-publisher.js';

/** How a trail is sealed: who signs for it, and where its checkpoints go. */
export interface EvidenceOptions {
  /**
   * Name of the log, such as `example.com/orders/audit`, which nothing else has: those who verify ask for it. The trail of another
   * MikroORM instance than the default one has its `contextName` behind it, after a slash.
   */
  readonly origin: string;
  /**
   * Who signs the checkpoints of a log; while keys are exchanged the old and the new one. Keys are never in the database.
   * @param origin with which the keys of `Ed25519Signer.of()` are named
   */
  readonly signers: (origin: string) => readonly [NoteSigner, ...NoteSigner[]];
  /** Places that whoever can change the database cannot change, one or more: `checkpointFolder()`, `checkpointUrl()` or of your own. */
  readonly publishers: readonly CheckpointPublisher[];
  /**
   * Seconds between two checkpoints while there is something new, 1 to 900. What is not covered yet can be changed unnoticed. Where
   * nothing is new, the last one is published again every 15 minutes.
   * @default 60
   */
  readonly every?: number;
}

const MINUTE = 60;
const MOST = 15 * MINUTE;
const NAMES: readonly string[] = [
  'origin',
  'signers',
  'publishers',
  'every',
] satisfies (keyof EvidenceOptions)[];

/** Whether a value can be these options. */
export function isEvidence(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).some((name) => !NAMES.includes(name))) {
    return false;
  }
  const { origin, signers, publishers, every = MINUTE } = value;
  return (
    typeof origin === 'string' &&
    isOrigin(origin) &&
    typeof signers === 'function' &&
    Array.isArray(publishers) &&
    publishers.length > 0 &&
    publishers.every(isPublisher) &&
    Number.isInteger(every) &&
    Number(every) >= 1 &&
    Number(every) <= MOST
  );
}

/** The options with their defaults. */
export function resolveEvidence({ every = MINUTE, ...options }: EvidenceOptions): Required<EvidenceOptions> {
  return Object.freeze({ ...options, every });
}

/** Those of the trail of one MikroORM instance, whose log has a name of its own. */
export function evidenceOf(
  options: Required<EvidenceOptions>,
  contextName: string,
): Required<EvidenceOptions> {
  const { origin } = options;
  return { ...options, origin: contextName === 'default' ? origin : `${origin}/${contextName}` };
}

function isPublisher(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.place === 'string' &&
    typeof value.latest === 'function' &&
    typeof value.publish === 'function'
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
