import { AuditConfigurationError } from '../../errors/configuration-error.js';
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
   * Seconds between two checkpoints while there is something new, 1 to 900. Rows not covered yet can be changed unnoticed. Where
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

/** A MikroORM instance that has a trail. */
export interface TrailPlace {
  readonly contextName: string;
  /** Text of the server, the database and the table that the trail is in. */
  readonly place: string;
}

/**
 * @param trails of all MikroORM instances
 * @throws AuditConfigurationError when two trails would be one log, which then tells two stories, one trail would be two logs, of which
 *   each has a part, or a log has no name that can be
 */
export function assertOrigins(options: Required<EvidenceOptions>, trails: readonly TrailPlace[]): void {
  const contextNames = trails.map(({ contextName }) => contextName);
  const twice = contextNames.find((name, index) => contextNames.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new AuditConfigurationError(
      `Two MikroORM configurations have the contextName "${twice}", so both of their trails would be sealed as the log ${evidenceOf(options, twice).origin}.`,
      'Give each configuration its own contextName, also in what a class of forRootAsync() answers with.',
    );
  }
  for (const [first, second] of Map.groupBy(trails, ({ place }) => place).values()) {
    if (first && second) {
      throw new AuditConfigurationError(
        `The MikroORM configurations "${first.contextName}" and "${second.contextName}" keep their trail in the same tables, so it would be sealed as two logs.`,
        'Give one of them audit tables of its own, with another database or schema, or audit all of it by one configuration.',
      );
    }
  }
  for (const name of contextNames) {
    const { origin } = evidenceOf(options, name);
    if (!isOrigin(origin)) {
      throw new AuditConfigurationError(
        `The trail of the MikroORM configuration "${name}" cannot be sealed: "${origin}" is no name of a log.`,
        'Give it a contextName without spaces and plus, and both of them together 255 characters at most.',
      );
    }
  }
}

/**
 * Told at the start, and not in the log a minute later.
 * @throws AuditConfigurationError when nobody can sign; whatever the signers throw, such as for a key that cannot be read
 */
export function assertSigners({ origin, signers }: Required<EvidenceOptions>): void {
  const given: unknown = signers(origin);
  if (!Array.isArray(given) || given.length === 0 || !given.every(isSigner)) {
    throw new AuditConfigurationError(
      `Nobody signs the log ${origin}: evidence.signers() does not answer with an array of signers.`,
      'Let it answer with one or more of Ed25519Signer.of() or objects with key and sign, and with no promise: read keys before the module starts.',
    );
  }
}

function isSigner(value: unknown): boolean {
  return (
    isRecord(value) &&
    isRecord(value.key) &&
    typeof value.key.verify === 'function' &&
    typeof value.sign === 'function'
  );
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
