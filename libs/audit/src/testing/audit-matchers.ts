import { describeExpectation, describeItem, shown } from './description.js';
import type { MatcherResult, MatcherThis } from './matcher-types.js';
import { Expectation } from './matching.js';
import { itemsOf, type RecordedItem, type TypedRecording } from './recording.js';

/**
 * Matchers for `expect.extend(auditMatchers)`, in Jest and in Vitest: they look at what `recordedBy()` gives, and at
 * `InMemoryAuditRecorder.recorded`.
 */
export const auditMatchers = {
  /** There is a change, or an action, that has all that is given; without anything given, any. */
  toHaveBeenAudited(this: MatcherThis, received: unknown, expected: object = {}): MatcherResult {
    const recording = recordingOf(received);
    const expectation = new Expectation(expected, this.equals);
    const found = itemsOf(recording).map((item) => ({
      item,
      differences: expectation.differences(item, recording),
    }));
    const pass = found.some(({ differences }) => differences.length === 0);
    const lines = found.map(({ item, differences }) => line(item, pass ? [] : differences));
    return {
      pass,
      message: () =>
        [
          `Expected ${pass ? 'nothing to be recorded' : 'a record'} with ${describeExpectation(expected)}`,
          recordedText(lines),
        ].join('\n\n'),
    };
  },

  /** These changes and actions are there in this order, and nothing else. */
  toHaveBeenAuditedExactly(
    this: MatcherThis,
    received: unknown,
    ...expected: readonly object[]
  ): MatcherResult {
    const recording = recordingOf(received);
    const items = itemsOf(recording);
    const expectations = expected.map((one) => new Expectation(one, this.equals));
    const found = items.map(
      (item, at) => expectations[at]?.differences(item, recording) ?? ['nothing else was expected'],
    );
    const pass = items.length === expected.length && found.every(({ length }) => length === 0);
    const lines = items.map((item, at) => line(item, found[at] ?? []));
    return {
      pass,
      message: () =>
        [
          `Expected ${pass ? 'something else than' : 'exactly'} ${expected.length === 1 ? 'this record' : `these ${expected.length} records`}:`,
          ...expected.map((one) => `  ${describeExpectation(one)}`),
          '',
          recordedText(lines),
        ].join('\n'),
    };
  },
};

function line(item: RecordedItem, differences: readonly string[]): string {
  return [describeItem(item), ...(differences.length === 0 ? [] : [`  but ${differences.join('; ')}`])].join(
    '\n    ',
  );
}

function recordedText(lines: readonly string[]): string {
  return lines.length === 0
    ? 'Nothing was recorded.'
    : ['Recorded:', ...lines.map((one) => `  - ${one}`)].join('\n');
}

function recordingOf(received: unknown): TypedRecording {
  const { changes, actions } = (received ?? {}) as Partial<TypedRecording>;
  if (!Array.isArray(changes) || !Array.isArray(actions)) {
    throw new TypeError(
      `expect() got ${shown(received)}, which is no recording. Give it what await recordedBy(app, work) returns.`,
    );
  }
  return received as TypedRecording;
}
