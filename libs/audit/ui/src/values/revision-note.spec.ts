import { describe, expect, it } from '@jest/globals';
import { revisionFacts, revisionNote } from './revision-note.js';

const recorded = { action: null, metadata: null };

describe('a revision without changes', () => {
  it.each([
    [{ action: 'user.act-for', outcome: 'denied' }, 'It was not allowed, and changed nothing.'],
    [{ action: 'invoice.send', outcome: 'failure' }, 'It failed, and changed nothing that is recorded.'],
    [{ action: 'invoice.send' }, 'Recorded without changes.'],
    [{}, 'Looked at records; nothing was changed.'],
    [{ action: 'audit.search', metadata: { trailRead: {} } }, 'Looked at the trail.'],
    [{ action: 'audit.suspend' }, 'From here on nothing was recorded of what its code wrote.'],
    [{ action: 'audit.suspend', outcome: 'denied' }, 'Auditing was not suspended: it is not allowed.'],
    [
      { action: 'audit.resume', metadata: { unaudited: { job: 3, part: 1 } } },
      'Recorded again from here on. Written meanwhile, without a trace: 3 job, 1 part.',
    ],
    [
      { action: 'audit.resume', metadata: { unaudited: {} } },
      'Recorded again from here on. Nothing was written meanwhile.',
    ],
  ] as const)('%j: %s', (some, text) => {
    expect(revisionNote({ ...recorded, ...some })).toBe(text);
  });

  it('tells the plain values of its metadata, and what was asked of the trail', () => {
    expect(
      revisionFacts({
        metadata: {
          for: 'ben@example.org',
          run: { number: 7 },
          trailRead: { entityType: 'job', query: null },
        },
      }),
    ).toEqual([
      ['for', 'ben@example.org'],
      ['entityType', 'job'],
    ]);
    expect(revisionFacts({ metadata: null })).toEqual([]);
  });
});
