import { randomBytes } from 'node:crypto';
import { requestUserActor } from '../context/actor.js';
import { HiddenNames } from '../context/hidden-names.js';
import { knownActor } from '../context/known-actor.js';
import { reasonReader } from '../context/request/reason.js';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import { isEvidence, resolveEvidence } from '../evidence/seal/evidence-options.js';
import { systemActor } from '../model/actor.js';
import { type AuditPolicy, UNRECORDED_WRITE_RULES } from '../policy/policy-declaration.js';
import { SECRET_TEXT_KINDS } from '../serialize/text/secret-texts.js';
import type {
  AuditModuleOptions,
  CheckScheduleOptions,
  EnvelopeOptions,
  ResolvedAuditOptions,
} from './audit-options.js';

const MIN_HASH_KEY = 16;
const MIN_SECRET = 32;
const KEY_BYTES = 32;
const DAY = 86_400;
const TURN = 30;
const DEFAULT_WORKER = systemActor('worker');

const LEGAL: Readonly<Record<keyof AuditModuleOptions, string>> = {
  resolveActor: 'a function',
  policies: 'an array of auditPolicy()',
  secrets: `an object with words and except (words), and texts (some of ${SECRET_TEXT_KINDS.join(', ')})`,
  maxValueBytes: 'a whole number from 256 to 16777216',
  hashKey: `a string of at least ${MIN_HASH_KEY} characters`,
  maxBufferedChanges: 'a whole number from 1 to 1000000',
  sendWithCommit: 'true or false',
  readFrom: "'primary' or 'replica'",
  sequencer: 'true or false',
  evidence:
    'an object with origin (a name without spaces and plus), signers (a function), publishers (one or more) and every (whole seconds, 1 to 900)',
  requireActor: 'true or false',
  unrecordedWrites: UNRECORDED_WRITE_RULES.join(', '),
  reasonFrom: 'an object with the name of a header, of a body field or both, or a function',
  envelope: `an object with keys (one or more strings of at least ${MIN_SECRET} characters), ttl (whole seconds), worker (an actor) and once (true or false)`,
  restoreKeys: `one or more strings of at least ${MIN_SECRET} characters`,
  allowWithoutAuditing: 'true or false',
  check:
    'an object with every (seconds, 1 to 604800), seconds (above 0, and at most every) and sample (above 0 and up to 1)',
};

/** @throws AuditConfigurationError for an unknown option or a value it cannot have */
export function resolveOptions(options: AuditModuleOptions = {}): ResolvedAuditOptions {
  if (typeof options !== 'object' || options === null) {
    throw new AuditConfigurationError(
      `AuditModule got ${options === null ? 'null' : `a ${typeof options}`} instead of options.`,
      'Return an object from the factory of AuditModule.forRootAsync(), or nothing.',
    );
  }
  for (const key of Object.keys(options)) {
    if (!Object.hasOwn(LEGAL, key)) {
      throw new AuditConfigurationError(
        `AuditModule does not know the option "${key}".`,
        `Use one of: ${Object.keys(LEGAL).join(', ')}.`,
      );
    }
  }
  const hiddenProperties = new HiddenNames();
  const {
    resolveActor = requestUserActor(hiddenProperties),
    policies = [],
    secrets = {},
    maxValueBytes = 65_536,
    hashKey = null,
    maxBufferedChanges = 10_000,
    sendWithCommit = false,
    readFrom = 'primary',
    sequencer = true,
    evidence,
    requireActor = false,
    unrecordedWrites,
    reasonFrom,
    envelope,
    restoreKeys = [randomBytes(KEY_BYTES).toString('base64url')],
    allowWithoutAuditing = true,
    check,
  } = options;
  assertOption('resolveActor', typeof resolveActor === 'function');
  assertOption('policies', Array.isArray(policies) && policies.every(isPolicy));
  assertOnePolicyEach(policies);
  assertOption('secrets', isSecrets(secrets));
  assertOption('maxValueBytes', isWithin(maxValueBytes, 256, 16_777_216));
  assertOption(
    'hashKey',
    hashKey === null || (typeof hashKey === 'string' && hashKey.length >= MIN_HASH_KEY),
  );
  assertOption('maxBufferedChanges', isWithin(maxBufferedChanges, 1, 1_000_000));
  assertOption('sendWithCommit', typeof sendWithCommit === 'boolean');
  assertOption('readFrom', readFrom === 'primary' || readFrom === 'replica');
  assertOption('sequencer', typeof sequencer === 'boolean');
  assertOption('evidence', evidence === undefined || isEvidence(evidence));
  assertOption('requireActor', typeof requireActor === 'boolean');
  assertOption(
    'unrecordedWrites',
    unrecordedWrites === undefined || UNRECORDED_WRITE_RULES.includes(unrecordedWrites),
  );
  assertOption('reasonFrom', reasonFrom === undefined || isReason(reasonFrom));
  assertOption('envelope', envelope === undefined || isEnvelope(envelope));
  assertOption('restoreKeys', areSecrets(restoreKeys));
  assertOption('allowWithoutAuditing', typeof allowWithoutAuditing === 'boolean');
  assertOption('check', check === undefined || isSchedule(check));
  return Object.freeze({
    resolveActor,
    hiddenProperties,
    policies: Object.freeze([...policies]),
    secrets: Object.freeze({ ...secrets }),
    maxValueBytes,
    hashKey,
    maxBufferedChanges,
    sendWithCommit,
    readFrom,
    sequencer,
    evidence: evidence ? resolveEvidence(evidence) : null,
    requireActor,
    unrecordedWrites: unrecordedWrites ?? null,
    reasonFrom: reasonReader(reasonFrom),
    envelope: envelope ? resolveEnvelope(envelope) : null,
    restoreKeys: Object.freeze([...restoreKeys]),
    allowWithoutAuditing,
    check: check ? resolveSchedule(check) : null,
  });
}

function assertOption(name: keyof AuditModuleOptions, holds: boolean): void {
  if (!holds) {
    throw new AuditConfigurationError(
      `The option "${name}" of AuditModule has a value it cannot have.`,
      `Give it ${LEGAL[name]}.`,
    );
  }
}

function assertOnePolicyEach(policies: readonly AuditPolicy[]): void {
  const entities = policies.map(({ entity }) => entity);
  const twice = entities.find((entity, index) => entities.indexOf(entity) !== index);
  if (twice) {
    throw new AuditConfigurationError(
      `AuditModule has two policies for ${twice.name}.`,
      'Keep one of them, with the options of both.',
    );
  }
}

function isPolicy(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'entity' in value && 'declaration' in value;
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function isReason(value: unknown): boolean {
  if (typeof value === 'function') {
    return true;
  }
  const names = isRecord(value) ? Object.entries(value) : [];
  return (
    names.length > 0 &&
    names.every(([key, name]) => ['header', 'body'].includes(key) && typeof name === 'string' && name !== '')
  );
}

function isEnvelope(value: unknown): boolean {
  if (
    !isRecord(value) ||
    Object.keys(value).some((key) => !['keys', 'ttl', 'worker', 'once'].includes(key))
  ) {
    return false;
  }
  const { keys, ttl = DAY, worker = DEFAULT_WORKER, once = false } = value;
  return (
    areSecrets(keys) &&
    isWithin(ttl as number, 1, 366 * DAY) &&
    typeof once === 'boolean' &&
    isRecord(worker) &&
    knownActor(worker).type === worker.type
  );
}

function isSchedule(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).some((key) => !['every', 'seconds', 'sample'].includes(key))) {
    return false;
  }
  const { every, seconds = every, sample = 1 } = value;
  const isBetween = (one: unknown, most: number) => typeof one === 'number' && one > 0 && one <= most;
  return (
    isBetween(every, 7 * DAY) &&
    Number(every) >= 1 &&
    isBetween(seconds, Number(every)) &&
    isBetween(sample, 1)
  );
}

function isSecrets(value: unknown): boolean {
  const areTexts = (list: unknown) =>
    Array.isArray(list) && list.every((one) => typeof one === 'string' && one !== '');
  return (
    isRecord(value) &&
    Object.entries(value).every(
      ([name, list]) => ['words', 'except', 'texts'].includes(name) && (list === undefined || areTexts(list)),
    ) &&
    [value.texts ?? []].flat().every((kind) => SECRET_TEXT_KINDS.some((one) => one === kind))
  );
}

function areSecrets(keys: unknown): boolean {
  return (
    Array.isArray(keys) &&
    keys.length > 0 &&
    keys.every((key) => typeof key === 'string' && key.length >= MIN_SECRET)
  );
}

function resolveEnvelope({
  keys,
  ttl = DAY,
  worker = DEFAULT_WORKER,
  once = false,
}: EnvelopeOptions): Required<EnvelopeOptions> {
  return Object.freeze({ keys: Object.freeze([...keys]), ttl, worker, once });
}

function resolveSchedule({
  every,
  seconds = Math.min(TURN, every / 2),
  sample = 1,
}: CheckScheduleOptions): Required<CheckScheduleOptions> {
  return Object.freeze({ every, seconds, sample });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
