import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { AuditBaseline, AuditCheck } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Nurse, Patient, Unaudited, Ward } from './use-hospital.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const ROWS = Number(process.env.AUDIT_SOAK_CHANGES ?? 6_000);
const TIMEOUT = 3_600_000;

/** Transactions of a writer that has the database for itself. */
const ALONE = 200;

function figures(waits: readonly number[]): string {
  const at = (part: number) => waits[Math.floor(waits.length * part)]?.toFixed(1);
  return `${waits.length} transactions, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, at most ${waits.at(-1)?.toFixed(0)} ms`;
}

describe('many rows', () => {
  // The oracle holds all rows in memory.
  const app = useAuditedApp({ entities: [Ward, Nurse, Patient, Unaudited], verify: false });

  /** Megabytes after a garbage collection, without what the test notes of statements. */
  function heap(): number {
    app.statements.take();
    collectGarbage();
    return process.memoryUsage().heapUsed / 2 ** 20;
  }

  /** Changes one patient after the other. @returns milliseconds that each took, in their order */
  async function write(turns: number, isOver: () => boolean = () => false): Promise<readonly number[]> {
    const waits: number[] = [];
    for (let turn = 0; turn < turns && !isOver(); turn++) {
      const em = app.orm.em.fork();
      const began = performance.now();
      const patient = await em.findOneOrFail(Patient, 1 + ((turn * 7_919) % ROWS));
      patient.name = `Patient ${turn}`;
      await em.flush();
      waits.push(performance.now() - began);
    }
    return waits.sort((one, other) => one - other);
  }

  it(
    `are recorded and checked in memory that does not grow (${ROWS} rows with a link each)`,
    async () => {
      const run = (sql: string) => app.orm.em.getConnection().execute(sql);
      await run(`set session_replication_role = replica;
        insert into ward (id, name) values (1, 'North');
        insert into nurse (id, name) values (1, 'Anna');
        insert into patient (id, name, diagnosis, ward_id) select n, 'Patient ' || n, 'gout', 1 from generate_series(1, ${ROWS}) n;
        insert into patient_nurses (patient_id, nurse_id) select n, 1 from generate_series(1, ${ROWS}) n;
        set session_replication_role = origin; analyze`);
      const alone = await write(ALONE);
      let isOver = false;
      const writing = write(Number.POSITIVE_INFINITY, () => isOver);
      const [atFirst, largest] = [heap(), [0]];
      const began = performance.now();
      const report = await app.app.get(AuditBaseline).run({
        onProgress: () => {
          app.statements.take();
          largest[0] = Math.max(largest[0] ?? 0, process.memoryUsage().heapUsed / 2 ** 20);
        },
      });
      const baselineSeconds = (performance.now() - began) / 1_000;
      isOver = true;
      const beside = await writing;
      const grown = heap() - atFirst;
      const checkBegan = performance.now();
      const checked = await app.app.get(AuditCheck).run();
      const checkSeconds = (performance.now() - checkBegan) / 1_000;
      process.stderr.write(
        `\nbaseline of ${ROWS} rows: ${baselineSeconds.toFixed(1)} s, heap at most ${largest[0]?.toFixed(0)} MB, ${grown.toFixed(0)} MB more afterwards; ` +
          `a writer alone: ${figures(alone)}; beside it: ${figures(beside)}; ` +
          `check of ${checked.changes} changes and ${checked.rows} rows: ${checkSeconds.toFixed(1)} s\n`,
      );
      expect(report.complete).toBe(true);
      expect(report.entities.find(({ entityType }) => entityType === 'Patient')?.recorded).toBe(ROWS);
      expect(checked.counts).toEqual({ 'not-recorded': 0, gone: 0, differs: 0, contradiction: 0 });
      expect(checked.rows).toBe(ROWS + 2);
      expect(grown).toBeLessThan(60);
    },
    TIMEOUT,
  );
});
