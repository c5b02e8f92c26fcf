import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { type AuditPolicy, auditPolicy } from 'nestjs-mikro-audit';
import { createAuditedApp } from '../../support/audited-app.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Team = defineEntity({
  name: 'Team',
  properties: { id: p.integer().primary(), name: p.string() },
});
const Person = defineEntity({
  name: 'Person',
  properties: {
    id: p.integer().primary(),
    firstName: p.string(),
    lastName: p.string().nullable(),
    pin: p.string().nullable(),
    team: () => p.manyToOne(Team).nullable(),
    boss: () => p.manyToOne(Person).nullable(),
    skills: () => p.manyToMany(Skill).inversedBy('people'),
  },
});
const Skill = defineEntity({
  name: 'Skill',
  properties: {
    id: p.integer().primary(),
    name: p.string(),
    people: () => p.manyToMany(Person).mappedBy('skills'),
  },
});
const Note = defineEntity({
  name: 'Note',
  properties: { id: p.integer().primary(), text: p.string(), person: () => p.manyToOne(Person) },
});

const policies = [
  auditPolicy(Team, { name: 'team', label: 'name' }),
  auditPolicy(Person, {
    name: 'person',
    mask: { pin: 'redact' },
    label: (values) => {
      if (values.firstName === 'boom') {
        throw new Error('no label for you');
      }
      return values.firstName === 'nobody'
        ? null
        : `${values.firstName} ${values.lastName ?? ''}${values.pin ?? ''}`.trim();
    },
  }),
  auditPolicy(Note, { name: 'note' }),
  auditPolicy(Skill, { name: 'skill', label: 'name' }),
];

const audited = useAuditedApp({ entities: [Team, Person, Note, Skill], options: { policies } });

const newest = async () => (await audited.reader.changes({ limit: 1 })).items[0];

describe('labels', () => {
  it('are those at the time of the change, of the entity and of the entities it refers to', async () => {
    const em = audited.orm.em.fork();
    const [red, blue] = [em.create(Team, { name: 'red' }), em.create(Team, { name: 'blue' })];
    const ada = em.create(Person, { firstName: 'Ada', lastName: 'Byron', pin: '1234', team: red });
    await em.flush();
    const { items: created } = await audited.reader.history(Person, ada.id);
    expect(created[0]?.labels).toEqual({ own: 'Ada Byron', targets: { team: { [red.id]: 'red' } } });

    ada.lastName = 'Lovelace';
    await em.flush();
    expect((await newest())?.labels).toEqual({ own: 'Ada Lovelace', targets: {} });

    ada.team = blue;
    await em.flush();
    expect((await newest())?.labels).toEqual({
      own: 'Ada Lovelace',
      targets: { team: { [red.id]: 'red', [blue.id]: 'blue' } },
    });

    blue.name = 'navy';
    await em.flush();
    em.remove(ada);
    await em.flush();
    expect((await newest())?.labels).toEqual({
      own: 'Ada Lovelace',
      targets: { team: { [blue.id]: 'navy' } },
    });
    const { items } = await audited.reader.changes({ entity: Person, text: 'byron' });
    expect(items.map(({ operation }) => operation)).toEqual(['update', 'create']);
  });

  it('are those of then in a difference and in blame, though the targets were renamed since', async () => {
    const em = audited.orm.em.fork();
    const [red, blue] = [em.create(Team, { name: 'red' }), em.create(Team, { name: 'blue' })];
    const [sql, css] = [em.create(Skill, { name: 'SQL' }), em.create(Skill, { name: 'CSS' })];
    const ada = em.create(Person, { firstName: 'Ada', team: red, skills: [sql] });
    await em.flush();
    const first = { revision: (await newest())?.revision.id ?? '' };
    ada.team = blue;
    ada.skills.set([css]);
    await em.flush();
    const second = { revision: (await newest())?.revision.id ?? '' };
    red.name = 'crimson';
    blue.name = 'navy';
    sql.name = 'databases';
    await em.flush();

    const difference = await audited.reader.diff(Person, ada.id, { from: first, to: second });
    expect(difference).toHaveLength(2);
    expect(difference).toEqual(
      expect.arrayContaining([
        {
          path: 'team',
          before: red.id,
          after: blue.id,
          labels: { [red.id]: 'red', [blue.id]: 'blue' },
        },
        {
          path: 'skills',
          before: [sql.id],
          after: [css.id],
          labels: { [sql.id]: 'SQL', [css.id]: 'CSS' },
        },
      ]),
    );
    const blame = await audited.reader.blame(Person, ada.id);
    expect(blame?.find(({ path }) => path === 'team')?.labels).toEqual({ [blue.id]: 'blue' });
    expect(blame?.find(({ path }) => path === 'skills')?.labels).toEqual({ [css.id]: 'CSS' });
  });

  it('cause no query, and are left out where nothing is loaded', async () => {
    const em = audited.orm.em.fork();
    const team = em.create(Team, { name: 'red' });
    const ada = em.create(Person, { firstName: 'Ada', team });
    await em.flush();
    const other = audited.orm.em.fork();
    audited.statements.take();
    other.create(Note, { text: 'x', person: other.getReference(Person, ada.id) });
    await other.flush();
    expect(audited.statements.take()).toHaveLength(4);
    expect((await newest())?.labels).toBeNull();
  });

  it('are those of links that come and go, with that of the entity, also if nothing else changes', async () => {
    const em = audited.orm.em.fork();
    const [sql, css] = [em.create(Skill, { name: 'SQL' }), em.create(Skill, { name: 'CSS' })];
    const ada = em.create(Person, { firstName: 'Ada', skills: [sql] });
    await em.flush();
    const { items: created } = await audited.reader.history(Person, ada.id);
    expect(created[0]?.labels).toEqual({ own: 'Ada', targets: { skills: { [sql.id]: 'SQL' } } });
    ada.skills.set([css]);
    await em.flush();
    expect((await newest())?.labels).toEqual({
      own: 'Ada',
      targets: { skills: { [sql.id]: 'SQL', [css.id]: 'CSS' } },
    });
    sql.people.add(ada);
    await em.flush();
    expect((await newest())?.labels?.targets).toEqual({ skills: { [sql.id]: 'SQL' } });
    em.remove(css);
    await em.flush();
    const { items } = await audited.reader.history(Person, ada.id);
    expect(items[0]).toMatchObject({
      before: { skills: [css.id] },
      labels: { targets: { skills: { [css.id]: 'CSS' } } },
    });
    em.remove(ada);
    await em.flush();
    expect((await audited.reader.history(Person, ada.id)).items[0]?.labels).toEqual({
      own: 'Ada',
      targets: { skills: { [sql.id]: 'SQL' } },
    });
  });

  it('of links to unloaded entities are left out, without a query', async () => {
    const em = audited.orm.em.fork();
    const sql = em.create(Skill, { name: 'SQL' });
    const ada = em.create(Person, { firstName: 'Ada' });
    await em.flush();
    const other = audited.orm.em.fork();
    const person = await other.findOneOrFail(Person, ada.id, { populate: ['skills'] });
    person.skills.add(other.getReference(Skill, sql.id));
    audited.statements.take();
    await other.flush();
    expect(audited.statements.take()).toHaveLength(4);
    expect((await newest())?.labels).toEqual({ own: 'Ada', targets: {} });
  });

  it('of one transaction are merged: the last own one, all targets', async () => {
    const em = audited.orm.em.fork();
    const [red, blue] = [em.create(Team, { name: 'red' }), em.create(Team, { name: 'blue' })];
    const ada = em.create(Person, { firstName: 'Ada', team: red });
    await em.flush();
    await em.transactional(async (inner) => {
      const person = await inner.findOneOrFail(Person, ada.id);
      person.firstName = 'Eve';
      await inner.flush();
      person.team = inner.getReference(Team, blue.id);
      await inner.flush();
    });
    expect((await newest())?.labels).toMatchObject({ own: 'Eve', targets: { team: { [blue.id]: 'blue' } } });
  });

  it('never fail the change', async () => {
    const em = audited.orm.em.fork();
    em.create(Person, { firstName: 'boom' });
    em.create(Person, { firstName: 'nobody' });
    em.create(Team, { name: 'x'.repeat(250) });
    await em.flush();
    const { items } = await audited.reader.changes({ order: 'oldest' });
    const people = items.filter(({ entityType }) => entityType === 'person');
    expect(people.map(({ labels }) => labels)).toEqual([null, null]);
    const team = items.find(({ entityType }) => entityType === 'team');
    expect(team?.labels?.own).toHaveLength(200);
  });

  it.each([
    ['pin', /label from "pin", which is masked/],
    ['nothing', /"nothing", which it does not have/],
  ])('are refused at boot: %s', async (label, message) => {
    const refused: AuditPolicy = auditPolicy(Person, {
      mask: { pin: 'redact' },
      label: label as 'firstName',
    });
    const boot = createAuditedApp({
      entities: [Team, Person, Note, Skill],
      options: { policies: [refused] },
    });
    await expect(boot).rejects.toThrow(message);
  });
});
