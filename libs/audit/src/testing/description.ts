import { inspect } from 'node:util';
import { Utils } from '@mikro-orm/core';
import type { Actor } from '../model/actor.js';
import type { AuditExpectation, ValueMatcher } from './audit-expectation.js';
import type { RecordedItem } from './recording.js';

const LINE = { depth: 4, breakLength: Number.POSITIVE_INFINITY, compact: true, maxStringLength: 200 };

/** A value on one line. */
export function shown(value: unknown): string {
  return inspect(value, LINE);
}

export function isValueMatcher(value: unknown): value is ValueMatcher {
  return typeof (value as Partial<ValueMatcher> | null | undefined)?.asymmetricMatch === 'function';
}

/** An expectation, as it is written. */
export function describeExpectation({ entity, ...others }: Pick<AuditExpectation, 'entity'>): string {
  return shown({
    ...(entity === undefined ? {} : { entity: new Bare(Utils.className(entity)) }),
    ...(readable(others) as object),
  });
}

/** A change or an action, with who and why. */
export function describeItem({ change, revision }: RecordedItem): string {
  const { action, outcome, reason, actor, onBehalfOf } = revision;
  const did = change
    ? `${change.operation} ${change.entityType} ${change.entityId}`
    : `${action === null ? 'an entry without changes' : `action ${action}`} (${outcome})`;
  const fields = change?.fields.map(
    ({ path, before, after }) => `${path} ${shown(before)} -> ${shown(after)}`,
  );
  return [
    fields?.length ? `${did}: ${fields.join(', ')}` : did,
    `by ${describeActor(actor)}`,
    ...(onBehalfOf ? [`on behalf of ${describeActor(onBehalfOf)}`] : []),
    ...(change && action !== null ? [`action ${action}`] : []),
    ...(reason === null ? [] : [`reason ${shown(reason)}`]),
  ].join('; ');
}

function describeActor({ type, id, label }: Actor): string {
  return [type, ...(id === null ? [] : [id]), ...(label === null ? [] : [`(${label})`])].join(' ');
}

/** With matchers for values as they are called. */
function readable(value: unknown): unknown {
  if (isValueMatcher(value)) {
    return new Bare(nameOfMatcher(value));
  }
  const isPlain =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  if (Array.isArray(value)) {
    return value.map(readable);
  }
  return isPlain
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, readable(one)]))
    : value;
}

/** `Any<Date>` where it can say so, else `StringContaining 'x'`. */
function nameOfMatcher(
  matcher: ValueMatcher & { readonly toAsymmetricMatcher?: () => string; readonly sample?: unknown },
): string {
  return (
    matcher.toAsymmetricMatcher?.() ??
    [String(matcher), ...('sample' in matcher ? [shown(matcher.sample)] : [])].join(' ')
  );
}

/** A text that is shown without quotes. */
class Bare {
  constructor(private readonly text: string) {}

  [inspect.custom](): string {
    return this.text;
  }
}
