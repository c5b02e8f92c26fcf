import { Utils } from '@mikro-orm/core';
import type { Actor } from '../model/actor.js';
import type { Revision } from '../model/revision.js';
import type { AuditExpectation, ExpectedActor } from './audit-expectation.js';
import { isValueMatcher, shown } from './description.js';
import type { MatcherThis } from './matcher-types.js';
import type { RecordedChange, RecordedItem, TypedRecording } from './recording.js';

const OF_CHANGE: ReadonlySet<string> = new Set(['entity', 'id', 'operation', 'changes', 'before', 'after']);
const OF_REVISION = ['action', 'reason', 'outcome', 'correlationId'] as const;
const MEMBERS: ReadonlySet<string> = new Set([
  ...OF_CHANGE,
  ...OF_REVISION,
  'actor',
  'onBehalfOf',
  'metadata',
]);

/** An expectation that was checked, and how its values are compared. */
export class Expectation {
  /** @throws TypeError for one that nothing could meet, because it is misspelled */
  constructor(
    private readonly expected: AuditExpectation,
    private readonly equals: MatcherThis['equals'],
  ) {
    assertExpectation(expected);
  }

  /**
   * @returns what of a change or an action is not as expected; empty when it is
   * @throws NotAuditedError when the class of the expectation is not audited
   */
  differences({ change, revision }: RecordedItem, recording: TypedRecording): readonly string[] {
    const { expected } = this;
    if (!change) {
      const isOfChange = Object.keys(given(expected)).some((name) => OF_CHANGE.has(name));
      return isOfChange ? ['it has no change'] : this.ofRevision(revision);
    }
    return [...this.ofEntity(change, recording), ...this.ofChange(change), ...this.ofRevision(revision)];
  }

  private ofEntity(change: RecordedChange, recording: TypedRecording): readonly string[] {
    const { entity, id } = this.expected;
    if (entity === undefined || recording.isOf(change, entity, id)) {
      return [];
    }
    return recording.isOf(change, entity, undefined)
      ? [`id is ${shown(change.entityId)}`]
      : [`entity is no ${Utils.className(entity)}`];
  }

  private ofChange(change: RecordedChange): readonly string[] {
    const { operation, changes = {}, before = {}, after = {} } = this.expected;
    const pairs = Object.entries(changes) as [string, readonly [unknown, unknown]][];
    return [
      ...(operation === undefined || operation === change.operation
        ? []
        : [`operation is ${change.operation}`]),
      ...pairs.flatMap(([path, [from, to]]) => this.ofField(change, path, { before: from, after: to })),
      ...Object.entries(before).flatMap(([path, value]) => this.ofField(change, path, { before: value })),
      ...Object.entries(after).flatMap(([path, value]) => this.ofField(change, path, { after: value })),
    ];
  }

  private ofField(change: RecordedChange, path: string, sides: { before?: unknown; after?: unknown }) {
    const field = change.fields.find((one) => one.path === path);
    if (!field) {
      return [`${path} is not in the change`];
    }
    return (['before', 'after'] as const)
      .filter((side) => side in sides && !this.equals(field[side], sides[side]))
      .map((side) => `${path} ${side} is ${shown(field[side])}`);
  }

  private ofRevision(revision: Revision): readonly string[] {
    const { actor, onBehalfOf, metadata = {} } = this.expected;
    return [
      ...this.ofActor('actor', actor, revision.actor),
      ...this.ofActor('onBehalfOf', onBehalfOf, revision.onBehalfOf),
      ...OF_REVISION.filter(
        (name) => this.expected[name] !== undefined && !this.equals(revision[name], this.expected[name]),
      ).map((name) => `${name} is ${shown(revision[name])}`),
      ...Object.entries(metadata)
        .filter(([name, value]) => !this.equals(revision.metadata?.[name], value))
        .map(([name]) => `metadata.${name} is ${shown(revision.metadata?.[name])}`),
    ];
  }

  private ofActor(name: string, expected: ExpectedActor | null | undefined, actual: Actor | null): string[] {
    if (expected === undefined) {
      return [];
    }
    const isSame =
      typeof expected !== 'object' || expected === null || isValueMatcher(expected)
        ? this.equals(typeof expected === 'string' ? actual?.id : actual, expected)
        : actual !== null &&
          Object.entries(given(expected)).every(([member, value]) =>
            this.equals(actual[member as keyof Actor], value),
          );
    return isSame ? [] : [`${name} is ${shown(actual)}`];
  }
}

function given<Members extends object>(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members;
}

function assertExpectation(expected: AuditExpectation): void {
  if (typeof expected !== 'object' || expected === null) {
    throw new TypeError(
      `An expectation is ${shown(expected)}. Give an object such as { operation: 'update' }.`,
    );
  }
  const unknown = Object.keys(expected).find((name) => !MEMBERS.has(name));
  if (unknown !== undefined) {
    throw new TypeError(`An expectation has no "${unknown}". It may have ${[...MEMBERS].join(', ')}.`);
  }
  if (expected.id !== undefined && expected.entity === undefined) {
    throw new TypeError('An expectation has an id of no entity. Give the class, too: { entity, id }.');
  }
  for (const [path, pair] of Object.entries(expected.changes ?? {})) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new TypeError(
        `The expectation says of ${path}: ${shown(pair)}. Give the values before and after: { changes: { ${path}: [before, after] } }.`,
      );
    }
  }
}
