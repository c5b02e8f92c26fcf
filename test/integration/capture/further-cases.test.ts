import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Collection, type EntityManager, FlushMode, type Ref } from '@mikro-orm/core';
import {
  Entity,
  Enum,
  Filter,
  ManyToMany,
  ManyToOne,
  PrimaryKey,
  Property,
} from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { trailOf } from '../../support/trail.js';

/** Not audited; some are hidden by a filter that is on by default. */
@Filter({ name: 'visible', cond: { hidden: false }, default: true })
@Entity()
class Room {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'boolean', default: false })
  hidden!: boolean;
}

@Audited()
@Entity()
class Topic {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;

  @ManyToMany({ entity: () => Meeting, mappedBy: 'mainTopics' })
  meetings = new Collection<Meeting>(this);
}

/** Composite key in a link table. */
@Audited()
@Entity()
class Seat {
  @PrimaryKey({ type: 'string' })
  row!: string;

  @PrimaryKey({ type: 'integer' })
  number!: number;
}

@Audited()
@Entity({ discriminatorColumn: 'kind' })
class Meeting {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Enum({ items: ['meeting', 'course', 'exam'] })
  kind!: string;

  @Property({ type: 'string' })
  title!: string;

  @ManyToOne({ entity: () => Room, nullable: true, ref: true, deleteRule: 'set null' })
  room?: Ref<Room> | null;

  @ManyToMany({ entity: () => Topic, inversedBy: 'meetings', pivotTable: 'meeting_main_topics' })
  mainTopics = new Collection<Topic>(this);

  @ManyToMany({ entity: () => Topic, pivotTable: 'meeting_side_topics' })
  sideTopics = new Collection<Topic>(this);

  @ManyToMany({ entity: () => Seat, pivotTable: 'meeting_seats' })
  seats = new Collection<Seat>(this);
}

@Audited({ name: 'course' })
@Entity({ discriminatorValue: 'course' })
class Course extends Meeting {
  @Property({ type: 'integer' })
  hours!: number;
}

@Audited({ name: 'exam' })
@Entity({ discriminatorValue: 'exam' })
class Exam extends Course {
  @Property({ type: 'integer' })
  points!: number;
}

const oracle = {
  entities: [
    { entity: Topic },
    { entity: Seat },
    { entity: Meeting },
    { entity: Course, name: 'course' },
    { entity: Exam, name: 'exam' },
  ],
};

let app: AuditedApp;
let em: EntityManager;

beforeAll(async () => {
  app = await createAuditedApp({ entities: [Room, Topic, Seat, Meeting, Course, Exam], oracle });
});
beforeEach(async () => {
  await app.oracle.clear();
  em = app.orm.em.fork();
});
afterAll(() => app.close());

const kinds = async () => (await trailOf(app)).map(([type, , operation]) => `${type} ${operation}`);

describe('flushes', () => {
  it('a value changed and changed back before the flush is no change', async () => {
    const topic = em.create(Topic, { name: 'a' });
    await em.flush();
    topic.name = 'b';
    topic.name = 'a';
    await em.flush();
    expect(await kinds()).toEqual(['Topic create']);
    await app.oracle.verify();
  });

  it('an implicit and an explicit transaction give the same history', async () => {
    const work = async (manager: EntityManager) => {
      const topic = manager.create(Topic, { name: 'a' });
      await manager.flush();
      topic.name = 'b';
      await manager.flush();
      manager.remove(topic);
      await manager.flush();
    };
    const changes = async () => {
      const { items } = await app.reader.history(Topic, 1);
      return items.map(({ operation, before, after }) => ({ operation, before, after }));
    };
    await work(em);
    const implicit = await changes();
    await app.oracle.clear();
    for (const step of ['create', 'update', 'delete'] as const) {
      await app.orm.em.fork().transactional(async (manager) => {
        if (step === 'create') {
          manager.create(Topic, { name: 'a' });
          return;
        }
        const topic = await manager.findOneOrFail(Topic, 1);
        if (step === 'update') {
          topic.name = 'b';
        } else {
          manager.remove(topic);
        }
      });
    }
    expect(await changes()).toEqual(implicit);
    await app.oracle.verify();
  });

  it('a flush that a query sets off inside a transaction is part of its revision', async () => {
    await em.transactional(
      async (inner) => {
        inner.persist(inner.create(Topic, { name: 'a' }));
        expect(await inner.find(Topic, {})).toHaveLength(1);
        inner.create(Topic, { name: 'b' });
      },
      { flushMode: FlushMode.AUTO },
    );
    expect(await kinds()).toEqual(['Topic create', 'Topic create']);
    await app.oracle.verify();
  });

  it('with FlushMode.COMMIT nothing is sent before the end, and all is recorded', async () => {
    await em.transactional(
      async (inner) => {
        inner.create(Topic, { name: 'a' });
        expect(await inner.find(Topic, {})).toEqual([]);
      },
      { flushMode: FlushMode.COMMIT },
    );
    expect(await kinds()).toEqual(['Topic create']);
    await app.oracle.verify();
  });

  it('flushes that read before they write do not wait for each other crosswise', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      em.create(Topic, { name });
    }
    await em.flush();
    const rounds = Array.from({ length: 40 }, async (_, round) => {
      const manager = app.orm.em.fork();
      for (const id of round % 2 === 0 ? [1, 2, 3, 4] : [4, 3, 2, 1]) {
        manager.getReference(Topic, id).name = `round ${round}`;
      }
      await manager.flush();
    });
    await Promise.all(rounds);
    expect(await trailOf(app)).toHaveLength(4 + 40 * 4);
    await app.oracle.verify();
  });
});

describe('hierarchies and relations', () => {
  it('each class of a hierarchy of three keeps its own name, and its base finds it', async () => {
    em.create(Meeting, { title: 'm', kind: 'meeting' });
    em.create(Course, { title: 'c', hours: 2, kind: 'course' });
    const exam = em.create(Exam, { title: 'e', hours: 1, points: 10, kind: 'exam' });
    await em.flush();
    exam.title = 'f';
    exam.points = 20;
    await em.flush();
    expect(await kinds()).toEqual(['Meeting create', 'course create', 'exam create', 'exam update']);
    expect((await app.reader.history(Meeting, exam.id)).items.map(({ entityType }) => entityType)).toEqual([
      'exam',
      'exam',
    ]);
    await app.oracle.verify();
  });

  it('a reference to an unaudited row that is deleted later', async () => {
    const room = em.create(Room, { hidden: false });
    const meeting = em.create(Meeting, { title: 'm', kind: 'meeting' });
    meeting.room = em.getReference(Room, room as never, { wrapped: true }) as never;
    meeting.room = null;
    await em.flush();
    meeting.room = em.getReference(Room, room.id, { wrapped: true });
    await em.flush();
    em.clear();
    em.remove(await em.findOneOrFail(Room, room.id));
    await em.flush();
    const { items } = await app.reader.history(Meeting, meeting.id, { limit: 1 });
    expect(items[0]).toMatchObject({ operation: 'update', before: { room: room.id }, after: { room: null } });
    await app.oracle.verify();
  });

  it('a reference to a row that a filter hides', async () => {
    const room = em.create(Room, { hidden: true });
    await em.flush();
    const meeting = em.create(Meeting, {
      title: 'm',
      kind: 'meeting',
      room: em.getReference(Room, room.id, { wrapped: true }),
    });
    await em.flush();
    em.clear();
    const again = await em.findOneOrFail(Meeting, meeting.id);
    again.title = 'n';
    await em.flush();
    em.remove(again);
    await em.flush();
    const { items } = await app.reader.history(Meeting, meeting.id);
    expect(items.map(({ before, after }) => [before, after])).toMatchObject([
      [{ room: room.id, title: 'n' }, null],
      [{ title: 'm' }, { title: 'n' }],
      [null, { room: room.id }],
    ]);
    await app.oracle.verify();
  });

  it('two relations between the same classes, and a composite key in a link table', async () => {
    const [a, b] = [em.create(Topic, { name: 'a' }), em.create(Topic, { name: 'b' })];
    const seats = [
      em.create(Seat, { row: 'A', number: 1 }),
      em.create(Seat, { row: 'A', number: 2 }),
    ] as const;
    const meeting = em.create(Meeting, { title: 'm', kind: 'meeting' });
    meeting.mainTopics.add(a);
    meeting.sideTopics.add(a, b);
    meeting.seats.add(...seats);
    await em.flush();
    meeting.mainTopics.set([b]);
    meeting.seats.remove(seats[0]);
    await em.flush();
    const { items } = await app.reader.history(Meeting, meeting.id, { limit: 1 });
    expect(items[0]).toMatchObject({
      before: { mainTopics: [a.id], seats: ['["A","1"]'] },
      after: { mainTopics: [b.id] },
    });
    em.clear();
    em.remove(em.getReference(Seat, { row: 'A', number: 2 } as never));
    await em.flush();
    await app.oracle.verify();
  });

  it('a detached entity that is merged with a changed collection', async () => {
    const [a, b] = [em.create(Topic, { name: 'a' }), em.create(Topic, { name: 'b' })];
    const meeting = em.create(Meeting, { title: 'm', kind: 'meeting' });
    meeting.mainTopics.add(a);
    await em.flush();
    const detached = await app.orm.em.fork().findOneOrFail(Meeting, meeting.id, { populate: ['mainTopics'] });
    const other = app.orm.em.fork();
    const merged = other.merge(detached);
    merged.mainTopics.add(other.getReference(Topic, b.id));
    merged.title = 'n';
    await other.flush();
    const { items } = await app.reader.history(Meeting, meeting.id, { limit: 1 });
    expect(items[0]).toMatchObject({ before: { title: 'm' }, after: { title: 'n', mainTopics: [b.id] } });
    await app.oracle.verify();
  });

  it('links of a subclass are recorded under its own name, from either end', async () => {
    const [a, b] = [em.create(Topic, { name: 'a' }), em.create(Topic, { name: 'b' })];
    const course = em.create(Course, { title: 'c', hours: 2, kind: 'course' });
    course.mainTopics.add(a, b);
    await em.flush();
    em.clear();
    em.remove(await em.findOneOrFail(Topic, a.id));
    await em.flush();
    expect((await kinds()).sort()).toEqual([
      'Topic create',
      'Topic create',
      'Topic delete',
      'course create',
      'course update',
    ]);
    await app.oracle.verify();
  });

  it('links of a subclass that are set from the other side', async () => {
    const topic = em.create(Topic, { name: 'a' });
    const [course, exam] = [
      em.create(Course, { title: 'c', hours: 2, kind: 'course' }),
      em.create(Exam, { title: 'e', hours: 2, points: 1, kind: 'exam' }),
    ];
    topic.meetings.add(course);
    await em.flush();
    expect((await kinds()).sort()).toEqual(['Topic create', 'course create', 'exam create']);
    em.clear();
    const again = await em.findOneOrFail(Topic, topic.id);
    again.meetings.add(await em.findOneOrFail(Exam, exam.id));
    await em.flush();
    expect((await kinds()).at(-1)).toBe('exam update');
    expect(await trailOf(app)).toHaveLength(4);
    await app.oracle.verify();
  });
});
