import { describe, expect, it } from '@jest/globals';
import type { RestoreConflict } from '../model/trail.js';
import { groupConflicts, laterChanges } from './conflict-groups.js';

const conflict = (some: Partial<RestoreConflict>): RestoreConflict => ({
  kind: 'changed-since',
  severity: 'notice',
  acceptable: false,
  message: 'A message.',
  entityType: 'job',
  entityId: '1',
  path: null,
  ...some,
});
const actor = { type: 'user', id: '1', label: 'Ada' };

describe('conflicts', () => {
  it('are grouped by kind and by what can be done, those in the way first', () => {
    const groups = groupConflicts([
      conflict({ kind: 'computed' }),
      conflict({ severity: 'blocking', acceptable: true, path: 'price' }),
      conflict({ kind: 'computed', path: 'total' }),
      conflict({ kind: 'unique-taken', severity: 'blocking' }),
    ]);
    expect(
      groups.map(({ severity, kind, consent, items }) => [severity, kind, consent, items.length]),
    ).toEqual([
      ['blocking', 'changed-since', 'Overwrite what was changed since', 1],
      ['blocking', 'unique-taken', null, 1],
      ['notice', 'computed', null, 2],
    ]);
  });

  it('of a kind that this page does not know can still be accepted', () => {
    const [group] = groupConflicts([
      conflict({ kind: 'constructor', severity: 'blocking', acceptable: true }),
    ]);
    expect(group).toMatchObject({ title: 'constructor', consent: 'Restore nevertheless (constructor)' });
  });

  it('with later changes are put together by revision', () => {
    const later = { revisionId: '7', recordedAt: '2026-11-24T12:00:00Z', actor };
    const about = conflict({ message: 'It was deleted.', ...later });
    expect(
      laterChanges([conflict({ path: 'price', ...later }), about, conflict({ path: 'title', ...later })]),
    ).toEqual([[{ entityType: 'job', entityId: '1', ...later, paths: ['price', 'title'] }], [about]]);
  });
});
