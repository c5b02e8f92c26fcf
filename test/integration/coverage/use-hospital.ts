import { Collection, type Ref, ref } from '@mikro-orm/core';
import { Entity, ManyToMany, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited, AuditIgnore, AuditMask } from 'nestjs-mikro-audit';
import { type AuditedSuite, useAuditedApp } from '../../support/use-audited-app.js';

@Entity()
export class Unaudited {
  @PrimaryKey({ type: 'integer' })
  id!: number;
}

@Audited({ label: 'name' })
@Entity()
export class Ward {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;
}

@Audited({ label: 'name' })
@Entity()
export class Nurse {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;
}

@Audited({ partOf: 'ward' })
@Entity()
export class Patient {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @AuditMask()
  @Property({ type: 'string' })
  diagnosis!: string;

  @AuditIgnore()
  @Property({ type: 'string', nullable: true })
  note?: string | null;

  @ManyToOne({ entity: () => Ward, ref: true })
  ward!: Ref<Ward>;

  @ManyToMany({ entity: () => Nurse })
  nurses = new Collection<Nurse>(this);
}

/** An audited hospital. */
export function useHospital(): { readonly app: AuditedSuite; readonly admit: () => Promise<void> } {
  const app = useAuditedApp({
    entities: [Ward, Nurse, Patient, Unaudited],
    oracle: { entities: [Ward, Nurse, { entity: Patient, ignore: ['note'] }] },
  });

  /** A ward with two patients and two nurses. */
  async function admit(): Promise<void> {
    const em = app.orm.em.fork();
    const ward = em.create(Ward, { id: 1, name: 'North' });
    const nurses = ['Anna', 'Bert'].map((name, at) => em.create(Nurse, { id: at + 1, name }));
    for (const [id, name] of [
      [1, 'Xaver'],
      [2, 'Yvonne'],
    ] as const) {
      const patient = em.create(Patient, { id, name, diagnosis: 'gout', note: 'loud', ward: ref(ward) });
      patient.nurses.add(nurses.slice(0, id));
    }
    await em.flush();
  }

  return { app, admit };
}
