import { describe, expect, test } from '@jest/globals';
import { auditPolicy } from 'nestjs-mikro-audit';
import { createAuditedApp } from './audited-app.js';
import { Crate, Label, Lift, Machine, Note, Slot, Truck, Vehicle, warehouse } from './fixtures/warehouse.js';
import { verbOf } from './statement-log.js';
import { useAuditedApp } from './use-audited-app.js';

describe('createAuditedApp', () => {
  const audited = useAuditedApp({
    entities: warehouse,
    options: {
      policies: [
        auditPolicy(Crate, { name: 'crate', ignore: ['secret'] }),
        auditPolicy(Label),
        auditPolicy(Slot),
        auditPolicy(Machine),
        auditPolicy(Lift),
        auditPolicy(Vehicle),
        auditPolicy(Truck),
        auditPolicy(Note),
      ],
    },
  });

  test('boots the library, whose trail the oracle accepts', async () => {
    const em = audited.orm.em.fork();
    const labels = ['a', 'b', 'c'].map((text, i) =>
      em.create(Label, { id: `0c0ffee0-0000-4000-8000-00000000000${i}`, text }),
    );
    const crate = em.create(Crate, {
      name: 'tea',
      weight: '1.5',
      ratio: 0.1,
      size: 0.1,
      madeAt: new Date('2024-02-29T12:00:00.123Z'),
      bestBefore: '2024-02-29',
      opensAt: '10:00:00',
      stamp: Buffer.from('hi'),
      custom: { list: [1, '1', null], $only: true },
      codes: ['a', 'b,c'],
      secret: 'no trace',
      place: { hallName: 'north', position: { rowNumber: 7, since: new Date() } },
      origin: { hallName: 'south', position: { rowNumber: 1, since: new Date() } },
      stops: [{ hallName: 'west', position: null }],
      labels: labels.slice(0, 2),
      route: labels,
    });
    em.create(Lift, { name: 'A', height: 3 });
    const truck = em.create(Truck, { name: 'big', axles: 3 });
    await em.flush();
    await audited.oracle.verify();
    const slot = em.create(Slot, { crate, number: 1, labels });
    em.create(Slot, { crate, number: 2, next: slot });
    const note = em.create(Note, { text: 'hm', subject: truck });
    await em.flush();
    await audited.oracle.verify();
    crate.name = 'coffee';
    crate.labels.remove(labels[0] as (typeof labels)[0]);
    crate.route.set([...labels].reverse());
    note.text = 'aha';
    truck.axles = 4;
    await em.flush();
    await audited.oracle.verify();
    em.remove(truck);
    em.remove(slot);
    await em.flush();
    await audited.oracle.verify();
    const { revisions, changes } = await audited.oracle.read();
    expect([revisions.length, changes.length]).toEqual([4, 15]);
    const { items } = await audited.reader.history(audited.orm.getMetadata().get(Crate).class, crate.id);
    expect(items.map(({ operation }) => operation)).toEqual(['update', 'create']);
  });

  test('counts the statements of the app only', async () => {
    const em = audited.orm.em.fork();
    em.create(Vehicle, { name: 'cart' });
    audited.statements.take();
    await em.flush();
    await audited.oracle.verify();
    const verbs = audited.statements.take().map(verbOf);
    expect(verbs).toEqual(['begin', 'insert', 'audit', 'commit']);
  });

  test('has an oracle that sees writes that bypass the library', async () => {
    audited.skipOracle();
    await audited.orm.em.fork().insert(Vehicle, { name: 'ghost' });
    const findings = await audited.oracle.findings();
    expect(findings.map(({ code }) => code)).toEqual(['lost change', 'replay differs']);
  });

  test('closes its resources when the library refuses to boot', async () => {
    const refused = createAuditedApp({ entities: warehouse, options: { maxValueBytes: -1 } });
    await expect(refused).rejects.toThrow(/maxValueBytes/);
  });
});
