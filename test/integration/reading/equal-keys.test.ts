import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited, type AuditReader } from 'nestjs-mikro-audit';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';

/** Has no table; classes that extend it have one each. */
@Entity({ abstract: true })
abstract class Paper {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  title!: string;
}

@Audited()
@Entity()
class Letter extends Paper {}

@Audited()
@Entity()
class Contract extends Paper {}

/** Extends a class that has a table, and has one of its own nevertheless. */
@Audited()
@Entity()
class Lease extends Contract {}

@Audited()
@Entity()
class Folder {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => Contract })
  contract!: Contract;
}

let app: AuditedApp;
let reader: AuditReader;

beforeAll(async () => {
  app = await createAuditedApp({ entities: [Paper, Letter, Contract, Lease, Folder] });
  ({ reader } = app);
});
beforeEach(() => app.oracle.clear());
afterAll(() => app.close());

const soon = (): Date => new Date(Date.now() + 60_000);

/** One of each class, all with the key 1. */
async function write(): Promise<void> {
  const em = app.orm.em.fork();
  const contract = em.create(Contract, { id: 1, title: 'contract' });
  em.create(Letter, { id: 1, title: 'letter' });
  em.create(Lease, { id: 1, title: 'lease' });
  em.create(Folder, { id: 1, contract });
  await em.flush();
  await app.oracle.verify();
}

describe('classes that have tables of their own, with equal keys', () => {
  it('a state is that of the class, not of one that extends it', async () => {
    await write();
    expect(await reader.asOf(Contract, 1, soon())).toMatchObject({ title: 'contract' });
    expect(await reader.asOf(Lease, 1, soon())).toMatchObject({ title: 'lease' });
    const { items } = await reader.findAsOf(Contract, {}, soon());
    expect(items).toMatchObject([{ title: 'contract' }]);
  });

  it('a state is null when the row is gone, although another table has one with the key', async () => {
    await write();
    const em = app.orm.em.fork();
    em.remove(await em.findOneOrFail(Folder, 1));
    em.remove(await em.findOneOrFail(Contract, 1));
    await em.flush();
    expect(await reader.asOf(Contract, 1, soon())).toBeNull();
  });

  it('a history has the changes of the class', async () => {
    await write();
    const { items } = await reader.history(Contract, 1);
    expect(items.map(({ entityType }) => entityType)).toEqual(['Contract']);
  });

  it('a reference leads to the row of the class that it names', async () => {
    await write();
    const folder = await reader.asOf(Folder, 1, soon(), { populate: ['contract'] });
    expect(folder).toMatchObject({ contract: { title: 'contract' } });
  });

  it('what is written by reference is recorded of the class, not of one that extends it', async () => {
    await write();
    const em = app.orm.em.fork();
    em.getReference(Contract, 1).title = 'changed';
    await em.flush();
    await app.oracle.verify();
    em.remove(em.getReference(Folder, 1));
    em.remove(em.getReference(Contract, 1));
    await em.flush();
    await app.oracle.verify();
    expect(await reader.asOf(Lease, 1, soon())).toMatchObject({ title: 'lease' });
  });

  it('a restore brings back the row of the class', async () => {
    await write();
    const [created] = (await reader.history(Contract, 1)).items;
    const em = app.orm.em.fork();
    (await em.findOneOrFail(Contract, 1)).title = 'changed';
    em.remove(await em.findOneOrFail(Lease, 1));
    await em.flush();
    const plan = await app.restorer.plan(Contract, 1, { to: { revision: created?.revision.id ?? '' } });
    expect(plan.steps).toMatchObject([{ entityType: 'Contract', operation: 'update' }]);
    await app.restorer.apply(plan);
    expect(await app.orm.em.fork().findOneOrFail(Contract, 1)).toMatchObject({ title: 'contract' });
    await app.oracle.verify();
  });
});
