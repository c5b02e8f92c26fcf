import { describe, expect, it } from '@jest/globals';
import { Collection, defineEntity, p } from '@mikro-orm/core';
import { Entity, ManyToMany, PrimaryKey } from '@mikro-orm/decorators/legacy';
import { Audited, AuditMask, auditPolicy, InvalidQueryError, MaskedValue } from 'nestjs-mikro-audit';
import { createAuditedApp } from '../../support/audited-app.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Illness = defineEntity({
  name: 'Illness',
  properties: {
    id: p.integer().primary(),
    name: p.string(),
    patients: () => p.manyToMany(Patient).mappedBy('illnesses'),
  },
});
const Patient = defineEntity({
  name: 'Patient',
  properties: {
    id: p.integer().primary(),
    name: p.string(),
    /** Masked by the policy. */
    illnesses: () => p.manyToMany(Illness).inversedBy('patients'),
    /** Masked because it is hidden. */
    suspicions: () => p.manyToMany(Illness).hidden(),
    /** Masked by its name; the order is data. */
    secrets: () => p.manyToMany(Illness).fixedOrder(),
    /** Opened by the policy. */
    tokens: () => p.manyToMany(Illness),
  },
});
const RELATIONS = ['illnesses', 'suspicions', 'secrets'] as const;
type Relation = (typeof RELATIONS)[number] | 'tokens';

const HIDDEN = new MaskedValue('redact', null);

const audited = useAuditedApp({
  entities: [Illness, Patient],
  options: {
    policies: [
      auditPolicy(Illness, { label: 'name' }),
      auditPolicy(Patient, { name: 'patient', mask: { illnesses: 'redact', tokens: false } }),
    ],
  },
});

const IDS = [4711, 4712, 4713];

/** A patient with the first illness in a relation, and perhaps not. */
async function admit(relation: Relation, linked = [0]): Promise<void> {
  const em = audited.orm.em.fork();
  const illnesses = IDS.map((id) => em.create(Illness, { id, name: `illness ${id}` }));
  const patient = em.create(Patient, { id: 1, name: 'Ann' });
  for (const index of linked) {
    linksOf(patient, relation).add(illnesses[index] as object);
  }
  await em.flush();
}

function linksOf(patient: object, relation: Relation): Collection<object> {
  return (patient as Record<Relation, Collection<object>>)[relation];
}

/** Gives a patient other links, in one flush for each. */
async function link(relation: Relation, ...steps: readonly (readonly number[])[]): Promise<void> {
  await audited.orm.em.fork().transactional(async (em) => {
    const patient = await em.findOneOrFail(Patient, 1, { populate: [relation] });
    for (const ids of steps) {
      linksOf(patient, relation).set(ids.map((id) => em.getReference(Illness, id)));
      await em.flush();
    }
  });
}

async function storedOfPatient(): Promise<
  { before: object; after: object; labels: object; targets: object }[]
> {
  return audited.orm.em
    .getConnection()
    .execute(
      "select before, after, labels, targets from audit_change where entity_type = 'patient' order by id",
    );
}

describe.each(RELATIONS)('links of the masked relation %s', (relation) => {
  const mask = { $mask: { kind: 'redact' } };

  it('are nowhere in the trail, only that there are some, and that they changed', async () => {
    await admit(relation);
    await link(relation, IDS.slice(0, 2));
    await link(relation, IDS.slice(1, 2));
    await link(relation, []);
    await link(relation, [4711]);
    const em = audited.orm.em.fork();
    em.remove(await em.findOneOrFail(Patient, 1));
    await em.flush();
    const rows = await storedOfPatient();
    expect(JSON.stringify(rows)).not.toMatch(/471[123]/);
    const update = { before: { [relation]: mask }, after: { [relation]: mask } };
    expect(rows.slice(1, -1)).toEqual(
      Array.from({ length: 4 }, () => ({ ...update, labels: null, targets: null })),
    );
    expect(rows[0]).toMatchObject({ before: null, after: { [relation]: mask } });
    expect(rows.at(-1)).toMatchObject({ before: { [relation]: mask }, after: null });
  });

  it('count as changed when a transaction changes them several times', async () => {
    await admit(relation, []);
    await link(relation, [4711], [], [4712]);
    const rows = await storedOfPatient();
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatchObject({ before: { [relation]: mask }, after: { [relation]: mask } });
  });

  it('are masked in states, differences and histories', async () => {
    await admit(relation);
    await link(relation, [4712]);
    const [two, one] = (await audited.reader.history(Patient, 1)).items;
    expect(two?.fields).toEqual([{ path: relation, before: HIDDEN, after: HIDDEN }]);
    const at = (change: typeof one) => ({ revision: change?.revision.id ?? '' });
    expect(await audited.reader.asOf(Patient, 1, at(one))).toMatchObject({ [relation]: HIDDEN });
    expect(await audited.reader.diff(Patient, 1, { from: at(one), to: at(two) })).toEqual([
      { path: relation, before: HIDDEN, after: HIDDEN },
    ]);
  });

  it('cannot be looked up', async () => {
    await admit(relation);
    const point = new Date(Date.now() + 60_000);
    await expect(audited.reader.asOf(Patient, 1, point, { populate: [relation] })).rejects.toThrow(
      InvalidQueryError,
    );
  });

  it('stay as they are when the entity is restored', async () => {
    await admit(relation);
    const [created] = (await audited.reader.history(Patient, 1)).items;
    await link(relation, [4712]);
    const to = { revision: created?.revision.id ?? '' };
    const plan = await audited.restorer.plan(Patient, 1, { to });
    expect(plan.conflicts).toMatchObject([{ kind: 'value-unknown', path: relation, becomes: 'unchanged' }]);
    await audited.restorer.apply(plan);
    const patient = await audited.orm.em.fork().findOneOrFail(Patient, 1, { populate: [relation] });
    expect(linksOf(patient, relation).getIdentifiers()).toEqual([4712]);
  });

  it('do not come back with a deleted entity, which somebody has to accept', async () => {
    await admit(relation);
    const em = audited.orm.em.fork();
    em.remove(await em.findOneOrFail(Patient, 1));
    await em.flush();
    const plan = await audited.restorer.planUndelete(Patient, 1);
    expect(plan.conflicts).toContainEqual(
      expect.objectContaining({ kind: 'value-unknown', path: relation, severity: 'blocking' }),
    );
  });
});

it('a masked relation cannot be looked up from its other end', async () => {
  await admit('illnesses');
  const point = new Date(Date.now() + 60_000);
  await expect(audited.reader.asOf(Illness, 4711, point, { populate: ['patients'] })).rejects.toThrow(
    'names "patients", which is masked',
  );
});

it('a relation with the name of a secret can be opened', async () => {
  await admit('tokens');
  const [created] = (await audited.reader.history(Patient, 1)).items;
  expect(created?.after).toMatchObject({ tokens: [4711] });
  expect(created?.labels?.targets).toEqual({ tokens: { 4711: 'illness 4711' } });
});

@Entity()
class Topic {
  @PrimaryKey({ type: 'integer' })
  id!: number;
}

@AuditMask('last4')
@Audited()
@Entity()
class Diary {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToMany(() => Topic)
  topics = new Collection<Topic>(this);
}

describe('a mask of a whole class', () => {
  const diaries = useAuditedApp({ entities: [Topic, Diary], oracle: { entities: [{ entity: Diary }] } });

  it('hides its links, whatever its kind', async () => {
    const { em } = diaries;
    const diary = em.create(Diary, { id: 1 });
    diary.topics.add(em.create(Topic, { id: 12_345_678 }));
    await em.flush();
    const [created] = (await diaries.reader.history(Diary, 1)).items;
    expect(created?.after).toEqual({ id: 1, topics: HIDDEN });
  });
});

describe('a mask that would not do what it says is refused at boot', () => {
  const Owner = defineEntity({
    name: 'Owner',
    properties: {
      id: p.integer().primary(),
      things: () => p.manyToMany(Thing).inversedBy('owners'),
      parts: () => p.oneToMany(Thing).mappedBy('holder'),
    },
  });
  const Thing = defineEntity({
    name: 'Thing',
    properties: {
      id: p.integer().primary(),
      owners: () => p.manyToMany(Owner).mappedBy('things'),
      holder: () => p.manyToOne(Owner).nullable(),
    },
  });

  it.each([
    [
      'of children',
      [auditPolicy(Owner, { mask: { parts: 'redact' } }), auditPolicy(Thing)],
      'Mask "holder" of Thing',
    ],
    [
      'of links that the owner records',
      [auditPolicy(Owner), auditPolicy(Thing, { mask: { owners: 'redact' } })],
      'Mask "things" of Owner',
    ],
    [
      'of links by a hash',
      [auditPolicy(Owner, { mask: { things: 'hash' } }), auditPolicy(Thing)],
      'Use "redact"',
    ],
    [
      'of links by their end',
      [auditPolicy(Owner, { mask: { things: 'last4' } }), auditPolicy(Thing)],
      'Use "redact"',
    ],
  ] as const)('%s', async (_, policies, remedy) => {
    await expect(
      createAuditedApp({
        entities: [Owner, Thing],
        options: { policies, hashKey: 'a secret of sixteen characters' },
      }),
    ).rejects.toThrow(remedy);
  });
});
