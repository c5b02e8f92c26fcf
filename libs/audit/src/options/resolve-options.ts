import { requestUserActor } from '../context/actor-resolver.js';
import { AuditConfigurationError } from '../errors/configuration-error.js';
import type { AuditPolicy } from '../policy/policy-declaration.js';
import type { AuditModuleOptions, ResolvedAuditOptions } from './audit-options.js';

const MIN_HASH_KEY = 16;

const LEGAL: Readonly<Record<keyof AuditModuleOptions, string>> = {
  actor: 'a function',
  policies: 'an array of auditPolicy()',
  maxValueBytes: 'a whole number from 256 to 16777216',
  hashKey: `a string of at least ${MIN_HASH_KEY} characters`,
  maxBufferedChanges: 'a whole number from 1 to 1000000',
  sendWithCommit: 'true or false',
};

/** @throws AuditConfigurationError for an option that does not exist or a value it cannot have */
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
  const {
    actor = requestUserActor,
    policies = [],
    maxValueBytes = 65_536,
    hashKey = null,
    maxBufferedChanges = 10_000,
    sendWithCommit = false,
  } = options;
  assertOption('actor', typeof actor === 'function');
  assertOption('policies', Array.isArray(policies) && policies.every(isPolicy));
  assertOnePolicyEach(policies);
  assertOption('maxValueBytes', isWithin(maxValueBytes, 256, 16_777_216));
  assertOption(
    'hashKey',
    hashKey === null || (typeof hashKey === 'string' && hashKey.length >= MIN_HASH_KEY),
  );
  assertOption('maxBufferedChanges', isWithin(maxBufferedChanges, 1, 1_000_000));
  assertOption('sendWithCommit', typeof sendWithCommit === 'boolean');
  return Object.freeze({
    actor,
    policies: Object.freeze([...policies]),
    maxValueBytes,
    hashKey,
    maxBufferedChanges,
    sendWithCommit,
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
