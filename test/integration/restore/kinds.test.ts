import { describe, expect, it } from '@jest/globals';
import type { EntityName } from '@mikro-orm/core';
import { auditPolicy, type EntityKey } from 'nestjs-mikro-audit';
import {
  Crate,
  Label,
  Lift,
  Machine,
  Note,
  Slot,
  Truck,
  Vehicle,
  warehouse,
} from '../../support/fixtures/warehouse.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const classes = [Crate, Label, Slot, Machine, Lift, Vehicle, Truck, Note];

const audited = useAuditedApp({
  entities: warehouse,
  options: {
    policies: classes.map((entity) =>
      auditPolicy(entity as never, entity === Crate ? { ignore: ['secret'] as never } : {}),
    ),
  },
});

const present = (entity: EntityName, key: EntityKey): Promise<unknown> =>
  audited.reader.asOf(entity, key, new Date('2100-01-01'));

async function newestRevisions(limit: number): Promise<readonly string[]> {
  const { items } = await audited.reader.revisions({ limit });
  return items.map(({ id }) => id);
}

const newestRevision = async (): Promise<string> => (await newestRevisions(1))[0] ?? '';

async function fill() {
  const em = audited.orm.em.fork();
  const labels = ['a', 'b', 'c'].map((text, i) =>
    em.create(Label, { id: `0c0ffee0-0000-4000-8000-00000000000${i}`, text }),
  );
  const place = {
    hallName: 'north',
    position: { rowNumber: 7, since: new Date('2024-01-01T00:00:00.123Z') },
  };
  const crate = em.create(Crate, {
    name: 'tea',
    weight: '1.50',
    ratio: 0.1,
    size: 0.5,
    sealed: true,
    madeAt: new Date('2024-02-29T12:00:00.123Z'),
    bestBefore: '2024-02-29',
    opensAt: '10:00:00',
    stamp: Buffer.from('hi'),
    custom: { list: [1, '1', null], $only: true },
    codes: ['a', 'b,c'],
    secret: 'no trace',
    place,
    origin: place,
    stops: [{ hallName: 'west', position: null }, place],
    labels: labels.slice(0, 2),
    route: [...labels].reverse(),
  });
  await em.flush();
  const slot = em.create(Slot, { crate, number: 1, labels });
  await em.flush();
  em.create(Slot, { crate, number: 2, next: slot });
  const lift = em.create(Lift, { name: 'A', height: 3 });
  const truck = em.create(Truck, { name: 'big', axles: 3 });
  await em.flush();
  em.create(Note, { text: 'hm', subject: truck });
  await em.flush();
  return { em, crate, labels, lift, truck };
}

describe('an entity of every kind', () => {
  it('is created anew as it was: columns of every type, embeddables, links with and without an order', async () => {
    const { em, crate } = await fill();
    const id = crate.id;
    const was = await present(Crate, id);
    em.remove(await em.find(Slot, { next: { $ne: null } }));
    await em.flush();
    em.remove(await em.find(Slot, {}));
    em.remove(crate);
    await em.flush();
    expect(await present(Crate, id)).toBeNull();
    const plan = await audited.restorer.planUndelete(Crate, id);
    expect(plan.steps.map(({ operation }) => operation)).toEqual(['create']);
    expect(plan.conflicts.filter(({ severity }) => severity === 'blocking')).toEqual([]);
    await audited.restorer.apply(plan);
    await audited.oracle.verify();
    expect(await present(Crate, id)).toEqual(was);
    const again = await audited.orm.em.fork().findOneOrFail(Crate, id, { populate: ['labels', 'route'] });
    expect(again.route.getItems().map(({ text }) => text)).toEqual(['c', 'b', 'a']);
    expect(again.secret).toBeNull();
  });

  it('is set back: members of embeddables, JSON, arrays, null, the order of links', async () => {
    const { em, crate, labels } = await fill();
    const revision = await newestRevision();
    const was = await present(Crate, crate.id);
    em.assign(
      crate,
      {
        weight: null,
        sealed: false,
        madeAt: null,
        stamp: Buffer.from('ho'),
        custom: [],
        codes: [],
        place: null,
        origin: { hallName: 'east', position: null },
        stops: [],
      },
      { mergeEmbeddedProperties: false },
    );
    crate.labels.set(labels.slice(2));
    crate.route.set(labels);
    await em.flush();
    const plan = await audited.restorer.plan(Crate, crate.id, { to: { revision } });
    await audited.restorer.apply(plan);
    await audited.oracle.verify();
    expect(await present(Crate, crate.id)).toEqual(was);
    expect(plan.conflicts.map(({ kind }) => kind)).not.toContain('computed');
  });

  it('is set back to null as a whole, and in part', async () => {
    const em = audited.orm.em.fork();
    const crate = em.create(Crate, { name: 'tea', custom: null });
    await em.flush();
    const revision = await newestRevision();
    crate.name = 'coffee';
    em.assign(crate, { place: { hallName: 'north', position: { rowNumber: 1 } }, weight: '2.00' });
    await em.flush();
    await audited.restorer.apply(
      await audited.restorer.plan(Crate, crate.id, {
        to: { revision },
        property: ['place', 'name'] as never,
      }),
    );
    await audited.oracle.verify();
    expect(await present(Crate, crate.id)).toMatchObject({ name: 'tea', place: null, weight: '2.00' });
  });

  it('has a composite key, refers to such a key, and is a subclass of a single table or of joined ones', async () => {
    const { em, crate, lift, truck } = await fill();
    const keys = [
      [Slot, [crate.id, 1]],
      [Slot, [crate.id, 2]],
      [Lift, lift.id],
      [Truck, truck.id],
    ] as const;
    const were = await Promise.all(keys.map(([entity, key]) => present(entity, key)));
    const notes = await present(Note, 1);
    await em.clear();
    em.remove(await em.find(Note, {}));
    em.remove(await em.find(Slot, { next: { $ne: null } }));
    await em.flush();
    em.remove(await em.find(Slot, {}));
    em.remove(await em.find(Lift, {}));
    em.remove(await em.find(Truck, {}));
    await em.flush();
    await audited.oracle.verify();
    for (const id of await newestRevisions(2)) {
      await audited.restorer.apply(await audited.restorer.planUndo(id));
      await audited.oracle.verify();
    }
    expect(await Promise.all(keys.map(([entity, key]) => present(entity, key)))).toEqual(were);
    expect(await present(Note, 1)).toEqual(notes);
  });

  it('is deleted whole when it is asked for by its base class', async () => {
    const { lift, truck } = await fill();
    for (const [base, id, path] of [
      [Machine, lift.id, 'height'],
      [Vehicle, truck.id, 'axles'],
    ] as const) {
      const notes = audited.orm.em.fork();
      notes.remove(await notes.find(Note, {}));
      await notes.flush();
      const plan = await audited.restorer.plan(base as EntityName, id, { to: new Date(0) });
      expect(plan.steps).toMatchObject([{ operation: 'delete' }]);
      expect(plan.steps[0]?.values.map((value) => value.path)).toContain(path);
      await audited.restorer.apply(plan);
      await audited.oracle.verify();
    }
  });
});
