import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AuditSequencer } from 'nestjs-mikro-audit';
import { useSequence } from '../sequence/use-sequence.js';
import { covered, evidence, MemoryPublisher, newKey, told, trustIn, verifyAll } from './sealing-app.js';

const TIMEOUT = 60_000;
const KEY = newKey();

describe('a log', () => {
  const suite = useSequence();
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    ['plants the next position', plant('100'), 'delete from audit_position where position >= 100'],
    ['plants a position far behind', plant('1000000'), 'delete from audit_position where position >= 100'],
    [
      'plants the last position there can be',
      plant(2n ** 63n - 1n),
      'delete from audit_position where position >= 100',
    ],
    [
      'takes a tick back',
      'update audit_tick set size = 90 where size = 100',
      'update audit_tick set size = 100 where size = 90',
    ],
  ])(
    'is not longer than its ticks where somebody %s, and tells; it goes on when that was undone',
    async (_how, attack, undo) => {
      const publisher = new MemoryPublisher();
      const app = await suite.boot({ evidence: evidence([KEY], publisher) });
      await suite.fill(100);
      await covered(app, 100);
      const refused = told('warn', /AUDIT_SEQUENCER_FAILED.*audit_position goes up to.*mikro-audit verify/s);
      await suite.client.query(attack);
      await suite.fill(20);
      await refused;
      const [health] = await app.get(AuditSequencer).health();
      expect(health).toMatchObject({
        problem: expect.stringContaining('audit_position goes up to'),
        waiting: expect.any(Number),
        evidence: { sealed: '100', covered: '100' },
      });
      expect(health?.waitingSince).not.toBeNull();
      await suite.client.query(undo);
      await covered(app, 120);
      expect((await app.get(AuditSequencer).health())[0]?.problem).toBeNull();
      const report = await verifyAll(suite.client, trustIn(KEY), publisher.notes);
      expect(report).toMatchObject({ ok: true, rows: 120, counts: {} });
    },
    TIMEOUT,
  );

  it(
    'does not end in what is planted while it is sealed for the first time',
    async () => {
      await suite.fill(5);
      const first = await suite.boot();
      while ((await first.get(AuditSequencer).health()).some(({ size }) => size !== '5')) {
        await pause(20);
      }
      await first.close();
      await suite.client.query(plant('5000'));
      const refused = told('warn', /AUDIT_SEQUENCER_FAILED/);
      await suite.boot({ evidence: evidence([KEY], new MemoryPublisher()) });
      await refused;
      expect((await suite.client.query('select from audit_leaf')).rowCount).toBe(0);
    },
    TIMEOUT,
  );
});

function plant(position: string | bigint): string {
  return `insert into audit_position (position, change_id) values (${position}, 999999)`;
}
