import { describe, expect, it } from '@jest/globals';
import { Collection, type Ref, ref } from '@mikro-orm/core';
import { Entity, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

@Audited({ name: 'maker' })
@Entity()
class Maker {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name: string;

  constructor(name: string) {
    this.name = name;
  }
}

@Audited({ name: 'machine' })
@Entity()
class Machine {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name: string;

  @ManyToOne({ entity: () => Maker })
  maker: Maker;

  @OneToMany({ entity: () => Part, mappedBy: 'machine' })
  parts = new Collection<Part>(this);

  @ManyToOne({ entity: () => Part, nullable: true, deleteRule: 'set null' })
  mainPart: Part | null = null;

  constructor(name: string, maker: Maker) {
    this.name = `${maker.name.toUpperCase()} ${name}`;
    this.maker = maker;
  }
}

@Audited({ name: 'part' })
@Entity()
class Part {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name: string;

  @ManyToOne({ entity: () => Machine, ref: true, deleteRule: 'cascade' })
  machine: Ref<Machine>;

  @ManyToOne({ entity: () => Part, nullable: true, deleteRule: 'cascade' })
  inside: Part | null;

  constructor(machine: Machine, name: string, inside: Part | null = null) {
    this.name = `${machine.name.trim()} ${inside?.name.trim() ?? ''} ${name}`;
    this.machine = ref(machine);
    this.inside = inside;
  }
}

const audited = useAuditedApp({
  entities: [Maker, Machine, Part],
  oracle: {
    entities: [
      { entity: Maker, name: 'maker' },
      { entity: Machine, name: 'machine' },
      { entity: Part, name: 'part' },
    ],
  },
});

describe('a constructor that reads what it is given', () => {
  const rows = () =>
    audited.orm.em.fork().getConnection().execute('select * from machine natural full join part order by id');

  async function build(): Promise<Machine> {
    const em = audited.orm.em.fork();
    const machine = new Machine('drill', new Maker('acme'));
    const motor = new Part(machine, 'motor');
    em.persist([machine, new Part(machine, 'rotor', motor)]);
    await em.flush();
    machine.mainPart = motor;
    await em.flush();
    return machine;
  }

  it('gets parents that come back with it, and those that were never gone, also in a cycle', async () => {
    const { id } = await build();
    const was = await rows();
    const em = audited.orm.em.fork();
    em.remove(await em.findOneOrFail(Machine, id));
    await em.flush();
    expect(await rows()).toEqual([]);
    const plan = await audited.restorer.planUndelete(Machine, id, { withChildren: true });
    expect(plan.blocked).toBe(false);
    await audited.restorer.apply(plan);
    await audited.oracle.verify();
    expect(await rows()).toEqual(was);
  });

  it('gets a parent that is still there', async () => {
    await build();
    const was = await rows();
    const em = audited.orm.em.fork();
    const rotor = await em.findOneOrFail(Part, { inside: { $ne: null } });
    em.remove(rotor);
    await em.flush();
    await audited.restorer.apply(await audited.restorer.planUndelete(Part, rotor.id));
    await audited.oracle.verify();
    expect(await rows()).toEqual(was);
  });
});
