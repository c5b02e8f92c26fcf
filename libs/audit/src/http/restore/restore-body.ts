import { UnsupportedMediaTypeException } from '@nestjs/common';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { RestoreConflictKind } from '../../model/restore-conflict.js';
import type { PointInTime } from '../../query/terms/point-in-time.js';
import { isSafeText } from '../../serialize/text/safe-text.js';
import { revisionId } from '../parameters/point-parameter.js';
import { type HttpRequest, instantOf } from '../parameters/query-parameters.js';

const CONFLICTS: Readonly<Record<RestoreConflictKind, true>> = {
  'changed-since': true,
  'changed-unrecorded': true,
  'history-gap': true,
  'target-gone': true,
  'unique-taken': true,
  'lock-version': true,
  'property-gone': true,
  'value-unknown': true,
  computed: true,
  'still-referenced': true,
  'entity-gone': true,
  'entity-exists': true,
  'key-changed': true,
};

/** The JSON that a client sends, read strictly. */
export class RestoreBody {
  private readonly members: Readonly<Record<string, unknown>>;

  /**
   * @throws UnsupportedMediaTypeException when it is not JSON: what a form of another site can send is never taken
   * @throws InvalidQueryError when it has other members than it may have
   */
  constructor({ headers }: HttpRequest, body: unknown, legal: readonly string[]) {
    const [contentType = ''] = [headers['content-type'] ?? ''].flat();
    if (!/^application\/json\s*(?:;|$)/i.test(contentType)) {
      throw new UnsupportedMediaTypeException('Send application/json.');
    }
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new InvalidQueryError('body', 'is no JSON object', 'Send a JSON object.');
    }
    const unknown = Object.keys(body).find((name) => !legal.includes(name));
    if (unknown !== undefined) {
      throw new InvalidQueryError(
        unknown.slice(0, 50),
        'is no member of the body',
        `Use some of: ${legal.join(', ')}.`,
      );
    }
    this.members = body as Readonly<Record<string, unknown>>;
  }

  /** @throws InvalidQueryError when it is no text */
  text(name: string): string | undefined {
    const value = this.members[name];
    if (value === undefined) {
      return undefined;
    }
    return typeof value === 'string' && isSafeText(value)
      ? value
      : refuse(name, 'is no text', 'Send a text.');
  }

  flag(name: string): boolean | undefined {
    const value = this.members[name];
    return value === undefined || typeof value === 'boolean'
      ? value
      : refuse(name, 'is neither true nor false', 'Send true or false.');
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.members[name];
    return value === undefined || isTexts(value)
      ? value
      : refuse(
          name,
          'is no list of at most 200 texts',
          'Send an array of texts, 400 characters each at most.',
        );
  }

  /** Kinds of conflicts that shall not block. */
  accept(): readonly RestoreConflictKind[] {
    return (this.texts('accept') ?? []).map((kind) =>
      Object.hasOwn(CONFLICTS, kind)
        ? (kind as RestoreConflictKind)
        : refuse('accept', 'names no kind of conflict', `Use some of: ${Object.keys(CONFLICTS).join(', ')}.`),
    );
  }

  /** Undefined when it is left out. */
  point(): PointInTime | undefined {
    const to = this.members.to;
    if (to === undefined) {
      return undefined;
    }
    const [name, value, ...others] =
      typeof to === 'object' && to !== null ? Object.entries(to).flat() : [undefined, undefined];
    if (typeof value !== 'string' || others.length > 0) {
      return refusePoint();
    }
    switch (name) {
      case 'at':
        return instantOf('to', value);
      case 'revision':
        return { revision: revisionId('to', value) };
      case 'beforeRevision':
        return { beforeRevision: revisionId('to', value) };
      default:
        return refusePoint();
    }
  }
}

/** As many, and as long, as the parameters of a query may be. */
function isTexts(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= 200 &&
    value.every((one) => typeof one === 'string' && one.length <= 400)
  );
}

function refusePoint(): never {
  return refuse(
    'to',
    'is no point in time',
    'Send {"at": time}, {"revision": id} or {"beforeRevision": id}.',
  );
}

function refuse(name: string, problem: string, remedy: string): never {
  throw new InvalidQueryError(name, problem, remedy);
}
