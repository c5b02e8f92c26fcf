import { describe, expect, it } from '@jest/globals';
import type { SequencerHealth } from '../../sequence/audit-sequencer.js';
import { orderFindings } from './order-findings.js';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const MINUTE = 60_000;
const ago = (minutes: number): Date => new Date(NOW - minutes * MINUTE);

const WELL: SequencerHealth = {
  instance: 'default',
  isRunning: true,
  lastTickAt: ago(0),
  size: '10',
  waiting: 0,
  waitingSince: null,
  problem: null,
  lateTicks: 0,
  evidence: { origin: 'example.com/audit', sealed: '10', covered: '10', publishedAt: ago(14) },
};

const codesOf = (health: Partial<SequencerHealth>): readonly string[] =>
  orderFindings({ ...WELL, ...health }, NOW).map(([code, severity]) => `${severity} ${code}`);

describe('the order of a trail', () => {
  it('has nothing to say while positions are given and checkpoints published', () => {
    expect(codesOf({})).toEqual([]);
    expect(codesOf({ waiting: 3, waitingSince: ago(4) })).toEqual([]);
  });

  it('says that revisions wait, that rows were forged, that nothing is sealed or published', () => {
    expect(codesOf({ waiting: 3, waitingSince: ago(6) })).toEqual(['error positions-late']);
    expect(codesOf({ problem: 'a tick was taken back', waiting: 3, waitingSince: ago(6) })).toEqual([
      'error positions-late',
    ]);
    expect(codesOf({ problem: 'a tick was taken back' })).toEqual(['error positions-late']);
    expect(codesOf({ lateTicks: 1 })).toEqual(['warning rows-late']);
    expect(codesOf({ evidence: null })).toEqual(['info trail-unsealed']);
    const evidence = { origin: 'example.com/audit', sealed: '10', covered: null, publishedAt: null };
    expect(codesOf({ evidence })).toEqual(['error checkpoint-late']);
    expect(codesOf({ evidence: { ...evidence, covered: '9', publishedAt: ago(46) } })).toEqual([
      'error checkpoint-late',
    ]);
  });
});
