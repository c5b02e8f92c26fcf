import { describe, expect, it } from '@jest/globals';
import { HiddenNames } from '../context/hidden-names.js';
import { resolveOptions } from './resolve-options.js';

describe('resolveOptions', () => {
  it('has a default for everything', () => {
    expect(resolveOptions()).toEqual({
      resolveActor: expect.any(Function),
      hiddenProperties: new HiddenNames(),
      policies: [],
      secrets: {},
      maxValueBytes: 65_536,
      hashKey: null,
      maxBufferedChanges: 10_000,
      sendWithCommit: false,
      readFrom: 'primary',
      sequencer: true,
      evidence: null,
      unrecordedWrites: null,
      requireActor: false,
      reasonFrom: null,
      envelope: null,
      restoreKeys: [expect.stringMatching(/^[\w-]{43}$/)],
      allowWithoutAuditing: true,
      check: null,
    });
    const { resolveActor: _, restoreKeys, ...others } = resolveOptions({});
    expect(resolveOptions()).toMatchObject(others);
    expect(resolveOptions().restoreKeys).not.toEqual(restoreKeys);
  });

  it('is frozen, and does not follow what the app does with its own object', () => {
    const options = { maxValueBytes: 1_000, policies: [] as never[] };
    const resolved = resolveOptions(options);
    options.maxValueBytes = 7;
    options.policies.push({} as never);
    expect(resolved).toMatchObject({ maxValueBytes: 1_000, policies: [] });
    expect([Object.isFrozen(resolved), Object.isFrozen(resolved.policies)]).toEqual([true, true]);
  });

  it.each([
    { maxValueBytes: 256, maxBufferedChanges: 1 },
    { maxValueBytes: 16_777_216, maxBufferedChanges: 1_000_000 },
    { hashKey: 'sixteen letters!' },
    { restoreKeys: ['a secret of thirty-two characters!'] },
    { check: { every: 60 } },
    { check: { every: 60, seconds: 60, sample: 0.5 } },
  ])('takes %j', (options) => {
    expect(resolveOptions(options)).toMatchObject(options);
  });

  it.each([
    {},
    { every: 0 },
    { every: 604_801 },
    { every: 60, seconds: 61 },
    { every: 60, sample: 0 },
    { every: 60, cron: '* * * * *' },
  ])('refuses the check %j', (check) => {
    expect(() => resolveOptions({ check: check as { every: number } })).toThrow(
      /The option "check" of AuditModule/,
    );
  });
});
