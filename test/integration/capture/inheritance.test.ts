import { describe, expect, it } from '@jest/globals';
import { Collection } from '@mikro-orm/core';
import { Entity, Enum, ManyToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

@Audited()
@Entity()
class Feature {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @ManyToMany({ entity: () => Machine, mappedBy: 'features' })
  machines = new Collection<Machine>(this);
}

/** Joined-table inheritance, three levels, with links on each. */
@Audited()
@Entity({ inheritance: 'tpt' })
class Machine {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @ManyToMany({ entity: () => Feature, inversedBy: 'machines', pivotTable: 'machine_features' })
  features = new Collection<Feature>(this);
}

@Audited()
@Entity()
class Printer extends Machine {
  @Property({ type: 'integer' })
  pages!: number;

  @ManyToMany({ entity: () => Feature, pivotTable: 'printer_options' })
  options = new Collection<Feature>(this);
}

@Audited()
@Entity()
class Plotter extends Printer {
  @Property({ type: 'integer' })
  width!: number;

  @ManyToMany({
    entity: () => Machine,
    pivotTable: 'plotter_feeders',
    joinColumn: 'plotter_id',
    inverseJoinColumn: 'feeder_id',
  })
  feeders = new Collection<Machine>(this);
}

/** Single-table inheritance; not audited itself. */
@Entity({ discriminatorColumn: 'kind' })
class Paper {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Enum({ items: ['paper', 'contract'] })
  kind!: string;

  @Property({ type: 'string' })
  title!: string;
}

@Audited({ name: 'contract' })
@Entity({ discriminatorValue: 'contract' })
class Contract extends Paper {
  @Property({ type: 'integer' })
  years!: number;

  @ManyToMany({ entity: () => Feature, pivotTable: 'contract_features' })
  features = new Collection<Feature>(this);
}

const values = { name: 'm', pages: 1, width: 2 };

const app = useAuditedApp({
  entities: [Feature, Machine, Printer, Plotter, Paper, Contract],
  oracle: {
    entities: [Feature, Machine, Printer, Plotter, { entity: Contract, name: 'contract' }],
  },
});

/** A machine of each class with both features where it can have them. */
async function machines() {
  const own = app.orm.em.fork();
  const features = ['a', 'b'].map((name) => own.create(Feature, { name })) as [Feature, Feature];
  const machine = own.create(Machine, { name: 'm' });
  const printer = own.create(Printer, { name: 'm', pages: 1 });
  const plotter = own.create(Plotter, values);
  for (const one of [machine, printer, plotter]) {
    one.features.add(...features);
  }
  printer.options.add(features[0]);
  plotter.options.add(...features);
  plotter.feeders.add(printer);
  await own.flush();
  await app.oracle.verify();
  return { features, machine, printer, plotter, from: (await trailOf(app)).length };
}

const since = async (from: number) =>
  (await trailOf(app))
    .slice(from)
    .map(([type, id, operation]) => `${operation} ${type} ${id}`)
    .sort();

describe('links of entities in joined tables', () => {
  it('are recorded under the class of their owner when the other end is deleted', async () => {
    const { features, machine, printer, plotter, from } = await machines();
    app.em.remove(app.em.getReference(Feature, features[0].id));
    await app.em.flush();
    expect(await since(from)).toEqual([
      `delete Feature ${features[0].id}`,
      `update Machine ${machine.id}`,
      `update Plotter ${plotter.id}`,
      `update Printer ${printer.id}`,
    ]);
  });

  it('are recorded under the class of their owner when they are set from the other side', async () => {
    const { features, printer, plotter, from } = await machines();
    const feature = await app.em.findOneOrFail(Feature, features[1].id);
    feature.machines.set([app.em.getReference(Machine, plotter.id)]);
    await app.em.flush();
    expect(await since(from)).toEqual([
      expect.stringMatching(/^update Machine/),
      `update Printer ${printer.id}`,
    ]);
  });

  it('come and go through references to a base class', async () => {
    const { features, machine, printer, plotter, from } = await machines();
    const third = app.em.create(Feature, { name: 'c' });
    for (const { id } of [machine, printer, plotter]) {
      third.machines.add(app.em.getReference(Machine, id));
    }
    await app.em.flush();
    expect(await since(from)).toEqual([
      expect.stringMatching(/^create Feature/),
      `update Machine ${machine.id}`,
      `update Plotter ${plotter.id}`,
      `update Printer ${printer.id}`,
    ]);
    app.em.clear();
    const again = await app.em.findOneOrFail(Machine, plotter.id);
    again.features.add(app.em.getReference(Feature, features[0].id));
    again.features.add(app.em.getReference(Feature, third.id));
    await app.em.flush();
  });

  it('are lost with an owner that is only a reference to its base class', async () => {
    const { printer, plotter, from } = await machines();
    app.em.remove(app.em.getReference(Machine, printer.id));
    await app.em.flush();
    expect(await since(from)).toEqual([`delete Printer ${printer.id}`, `update Plotter ${plotter.id}`]);
    await app.oracle.verify();
    app.em.clear();
    app.em.remove(await app.em.findOneOrFail(Machine, plotter.id));
    await app.em.flush();
  });

  it('are recorded for a new owner that is linked from the other side', async () => {
    const feature = app.em.create(Feature, { name: 'a' });
    feature.machines.add(app.em.create(Plotter, values), app.em.create(Machine, { name: 'm' }));
    await app.em.flush();
    await app.oracle.verify();
    feature.machines.removeAll();
    await app.em.flush();
  });
});

describe('a reference of a base class is recorded under the class of its row', () => {
  it('when it is updated, with joined tables', async () => {
    const { machine, plotter, from } = await machines();
    for (const { id } of [machine, plotter]) {
      app.em.getReference(Machine, id).name = 'changed';
    }
    await app.em.flush();
    expect(await since(from)).toEqual([`update Machine ${machine.id}`, `update Plotter ${plotter.id}`]);
  });

  it('when it is merged and removed, with all values of its class', async () => {
    const { plotter, from } = await machines();
    app.em.remove(app.em.merge(Machine, { id: plotter.id, name: 'claimed' }));
    await app.em.flush();
    expect(await since(from)).toEqual([`delete Plotter ${plotter.id}`]);
  });

  it('when it is updated and removed, with one table and a base that is not audited', async () => {
    const own = app.orm.em.fork();
    const contract = own.create(Contract, { title: 'c', years: 2, kind: 'contract' });
    const paper = own.create(Paper, { title: 'p', kind: 'paper' });
    contract.features.add(own.create(Feature, { name: 'a' }));
    await own.flush();
    const from = (await trailOf(app)).length;
    for (const { id } of [contract, paper]) {
      app.em.getReference(Paper, id).title = 'changed';
    }
    await app.em.flush();
    app.em.clear();
    for (const { id } of [contract, paper]) {
      app.em.remove(app.em.getReference(Paper, id));
    }
    await app.em.flush();
    expect(await since(from)).toEqual([`delete contract ${contract.id}`, `update contract ${contract.id}`]);
  });

  it('and costs no statement where the class is known', async () => {
    const { machine, plotter } = await machines();
    const loaded = [
      await app.em.findOneOrFail(Machine, machine.id),
      await app.em.findOneOrFail(Machine, plotter.id),
    ];
    app.statements.take();
    for (const one of loaded) {
      one.name = 'changed';
    }
    await app.em.flush();
    expect(app.statements.take().filter((statement) => statement.startsWith('select'))).toEqual([]);
  });
});
