import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Part = defineEntity({
  name: 'Part',
  discriminatorColumn: 'kind',
  discriminatorValue: 'part',
  properties: { id: p.integer().primary(), kind: p.string() },
});
const Bolt = defineEntity({
  name: 'Bolt',
  extends: Part,
  discriminatorValue: 'bolt',
  properties: {
    threads: p.integer().fieldName('amount').nullable(),
    part: () => p.manyToOne(Part).fieldName('other').nullable(),
  },
});
const Wheel = defineEntity({
  name: 'Wheel',
  extends: Part,
  discriminatorValue: 'wheel',
  properties: {
    spokes: p.integer().fieldName('amount').nullable(),
    hub: () => p.manyToOne(Part).fieldName('other').nullable(),
  },
});

describe.each([false, true])(
  'classes of one table that share a column under different names, exact: %p',
  (exact) => {
    const audited = useAuditedApp({
      entities: [Part, Bolt, Wheel],
      options: {
        policies: [
          auditPolicy(Part, { exact }),
          auditPolicy(Bolt, { name: 'bolt', exact }),
          auditPolicy(Wheel, { name: 'wheel', exact }),
        ],
      },
    });

    async function create(): Promise<void> {
      const { em } = audited;
      em.create(Part, { id: 9, kind: 'part' });
      em.create(Bolt, { id: 1, threads: 5, part: em.getReference(Part, 9) });
      await em.flush();
      em.create(Wheel, { id: 2, spokes: 7, hub: em.getReference(Part, 9) });
      await em.flush();
    }

    it('are recorded under their own names when they are created', async () => {
      await create();
      const [bolt] = (await audited.reader.history(Bolt, 1)).items;
      const [wheel] = (await audited.reader.history(Wheel, 2)).items;
      expect(bolt?.after).toEqual({ id: 1, kind: 'bolt', threads: 5, part: 9 });
      expect(wheel?.after).toEqual({ id: 2, kind: 'wheel', spokes: 7, hub: 9 });
    });

    it('are recorded as they are stored when one flush creates both', async () => {
      const { em } = audited;
      const bolt = em.create(Bolt, { id: 1, threads: 5 });
      const wheel = em.create(Wheel, { id: 2, spokes: 7 });
      await em.flush();
      // The unit of work believes to have stored other values than those that go.
      em.remove(bolt).remove(wheel);
      await em.flush();
    });

    it('are recorded as they are stored when one flush changes both', async () => {
      await create();
      const em = audited.orm.em.fork();
      (await em.findOneOrFail(Bolt, 1)).threads = 50;
      (await em.findOneOrFail(Wheel, 2)).spokes = 70;
      await em.flush();
    });

    it('are read with the names of their own class', async () => {
      await create();
      const em = audited.orm.em.fork();
      em.getReference(Bolt, 1).threads = 6;
      em.getReference(Wheel, 2).hub = null;
      await em.flush();
      em.clear();
      em.remove(em.getReference(Part, 1));
      em.remove(em.getReference(Wheel, 2));
      await em.flush();
      const [bolt] = (await audited.reader.history(Bolt, 1)).items;
      const [wheel] = (await audited.reader.history(Wheel, 2)).items;
      expect(bolt?.before).toEqual({ id: 1, kind: 'bolt', threads: 6, part: 9 });
      expect(wheel?.before).toEqual({ id: 2, kind: 'wheel', spokes: 7, hub: null });
    });

    it('are detached by their own names when what they refer to goes', async () => {
      await create();
      const em = audited.orm.em.fork();
      em.remove(em.getReference(Part, 9));
      await em.flush();
      const [bolt] = (await audited.reader.history(Bolt, 1)).items;
      const [wheel] = (await audited.reader.history(Wheel, 2)).items;
      expect([bolt?.before, bolt?.after]).toEqual([{ part: 9 }, { part: null }]);
      expect([wheel?.before, wheel?.after]).toEqual([{ hub: 9 }, { hub: null }]);
    });

    it('come back as what they were', async () => {
      await create();
      let em = audited.orm.em.fork();
      em.remove(await em.findOneOrFail(Wheel, 2));
      await em.flush();
      await audited.restorer.apply(await audited.restorer.planUndelete(Wheel, 2));
      em = audited.orm.em.fork();
      expect(await em.findOneOrFail(Wheel, 2)).toMatchObject({ spokes: 7 });
    });
  },
);
