import { describe, expect, it } from '@jest/globals';
import { AuditCheck } from 'nestjs-mikro-audit';
import { isSoak } from '../../support/soak.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Nurse, Patient, Unaudited, Ward } from './use-hospital.js';

const CHANGES = isSoak ? 10_000_000 : Number(process.env.AUDIT_SOAK_CHANGES ?? 6_000);
/** Of each entity. */
const EACH = 10;
const ROWS = CHANGES / EACH;
const TIMEOUT = 3_600_000;

describe('many changes', () => {
  // The oracle holds all rows in memory.
  const app = useAuditedApp({ entities: [Ward, Nurse, Patient, Unaudited], verify: false });
  const run = (sql: string) => app.orm.em.getConnection().execute(sql);

  /** Nurses who have been renamed again and again, all of them before any of them the next time. */
  async function tell(): Promise<void> {
    const indexes = await run(
      `select indexname as name, indexdef as definition from pg_indexes where tablename = 'audit_change' and indexname <> 'audit_change_pkey'`,
    );
    // Each would be kept for each row; most of them the check does not use.
    for (const { name } of indexes) {
      await run(`drop index "${name}"`);
    }
    await run(`alter table nurse disable trigger all;
      insert into nurse (id, name) select n, 'Name ${EACH - 1}' from generate_series(1, ${ROWS}) n;
      alter table nurse enable trigger all;
      insert into audit_change (actor_type, outcome, entity_type, entity_id, operation, before, after)
      select 'unknown', 'success', 'Nurse', n, case turn when 0 then 'create' else 'update' end,
        case when turn > 0 then jsonb_build_object('name', 'Name ' || turn - 1) end,
        case turn when 0 then jsonb_build_object('id', n) else '{}' end || jsonb_build_object('name', 'Name ' || turn)
      from generate_series(0, ${EACH - 1}) turn, generate_series(1, ${ROWS}) n`);
    for (const { definition } of indexes) {
      await run(definition);
    }
    await run('vacuum analyze audit_change');
    await run('analyze nurse');
  }

  it(
    `are checked in memory that does not grow (${CHANGES} changes of ${ROWS} rows)`,
    async () => {
      await tell();
      await run(`update nurse set name = 'Mallory' where id = ${ROWS}`);
      const heaps: number[] = [];
      const began = performance.now();
      const { counts, findings, changes, rows } = await app.app.get(AuditCheck).run({
        onProgress: () => {
          heaps.push(process.memoryUsage().heapUsed / 2 ** 20);
        },
      });
      const seconds = (performance.now() - began) / 1_000;
      process.stderr.write(
        `\ncheck of ${changes} changes and ${rows} rows: ${seconds.toFixed(1)} s, heap at most ${Math.max(...heaps).toFixed(0)} MB\n`,
      );
      expect({ changes, rows }).toEqual({ changes: CHANGES, rows: ROWS });
      expect(counts).toEqual({ 'not-recorded': 0, gone: 0, differs: 1, contradiction: 0 });
      expect(findings).toMatchObject([
        { entityId: String(ROWS), trail: `Name ${EACH - 1}`, found: 'Mallory' },
      ]);
    },
    TIMEOUT,
  );
});
