import { beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AuditBaseline, AuditCheck, auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { classMappings } from '../zoo/classes.js';
import { keyMappings } from '../zoo/keys.js';
import type { Mapping } from '../zoo/mapping.js';
import { relationMappings } from '../zoo/relations.js';
import { valueMappings } from '../zoo/values.js';

const mappings = [...keyMappings, ...relationMappings, ...classMappings, ...valueMappings];
const audited = mappings.flatMap(({ entities }) => entities);

describe('a baseline of every way to map entities', () => {
  const app = useAuditedApp({
    entities: [...audited, ...mappings.flatMap(({ others = [] }) => others)],
    options: { policies: audited.map((entity) => auditPolicy(entity as never)) },
  });
  let baseline: AuditBaseline;
  let check: AuditCheck;

  beforeAll(() => {
    baseline = app.app.get(AuditBaseline);
    check = app.app.get(AuditCheck);
  });

  /** MikroORM cannot do some of the steps, with auditing or without. */
  async function run(step: Mapping['create']): Promise<void> {
    const em = app.orm.em.fork() as EntityManager;
    await step(em);
    await em.flush().catch(() => undefined);
  }

  /** The newest create or baseline of each entity. */
  function told(): Promise<readonly unknown[]> {
    return app.orm.em.getConnection().execute(
      `select distinct on (entity_type, entity_id) entity_type, entity_id, part_of_type, part_of_id, before, after, targets
       from audit_change where operation in ('create', 'baseline') order by entity_type, entity_id, id desc`,
    );
  }

  it.each(mappings.map((mapping) => [mapping.title, mapping] as const))(
    '%s: tells what its creation would have told',
    async (_title, { entities, create, updates, remove }) => {
      await run(create);
      const created = await told();
      await app.oracle.forget();
      const report = await baseline.run({ entities });
      expect(report.complete).toBe(true);
      expect(await told()).toEqual(created);
      const again = await baseline.run({ entities });
      expect(again.entities.filter(({ recorded }) => recorded > 0)).toEqual([]);
      for (const step of [...updates, remove]) {
        await run(step);
        await app.oracle.verify();
        expect((await check.run({ entities })).findings).toEqual([]);
      }
    },
  );
});
