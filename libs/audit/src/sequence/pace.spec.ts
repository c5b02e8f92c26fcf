import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.js';

describe('the pace of the sequencer', () => {
  let time = 0;
  const paceAt = (start: number) => {
    time = start;
    return new Pace(() => time);
  };

  it('slows down to once a second where nothing comes', () => {
    const pace = paceAt(0);
    const pauses = [1, 2, 3, 4, 5, 6, 7].map(() => {
      pace.looks();
      pace.looked(0);
      return pace.next;
    });
    expect(pauses).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  it('looks soon after a hint, also where it has slept', () => {
    const pace = paceAt(0);
    for (let looks = 0; looks < 9; looks += 1) {
      pace.looks();
      pace.looked(0);
    }
    time = 300;
    expect(pace.hint()).toBe(true);
    expect(pace.next).toBe(350);
    time = 350;
    pace.looks();
    pace.looked(0);
    expect(pace.next).toBe(450);
  });

  it('is not put off by hints that keep coming', () => {
    const pace = paceAt(0);
    pace.looks();
    pace.looked(0);
    const told = [10, 20, 30, 40, 50].map((moment) => {
      time = moment;
      return [pace.hint(), pace.next];
    });
    expect(told).toEqual([true, false, false, false, false].map((isEarlier) => [isEarlier, 60]));
  });

  it('looks again for a hint that came while it looked', () => {
    const pace = paceAt(0);
    pace.looks();
    time = 5;
    pace.hint();
    time = 10;
    pace.looked(1);
    expect(pace.next).toBe(410);
    time = 410;
    pace.looks();
    pace.looked(0);
    time = 420;
    pace.hint();
    time = 430;
    pace.looked(0);
    expect(pace.next).toBe(470);
  });

  it('gives positions at most every 400 milliseconds, however many hints come', () => {
    const pace = paceAt(1_000);
    pace.looks();
    pace.looked(1);
    expect(pace.next).toBe(1_400);
    time = 1_010;
    pace.hint();
    expect(pace.next).toBe(1_400);
    time = 1_380;
    pace.hint();
    expect(pace.next).toBe(1_400);
  });

  it('gives them less often where each time there are many', () => {
    const pace = paceAt(1_000);
    pace.looks();
    pace.looked(301);
    expect(pace.next).toBe(1_700);
    time = 1_700;
    pace.looks();
    pace.looked(300);
    expect(pace.next).toBe(2_100);
  });
});
