import { describe, expect, it } from '@jest/globals';
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
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

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

const app = useAuditedApp({ entities: [Room, Topic, Seat, Meeting, Course, Exam], oracle });

const kinds = async () => (await trailOf(app)).map(([type, , operation]) => `${type} ${operation}`);

describe('flushes', () => {
  it('a value changed and changed back before the flush is no change', async () => {
    const topic = app.em.create(Topic, { name: 'a' });
    await app.em.flush();
    topic.name = 'b';
    topic.name = 'a';
    await app.em.flush();
    expect(await kinds()).toEqual(['Topic create']);
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
    await work(app.em);
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
  });

  it('a flush that a query sets off inside a transaction is part of its revision', async () => {
    await app.em.transactional(
      async (inner) => {
        inner.persist(inner.create(Topic, { name: 'a' }));
        expect(await inner.find(Topic, {})).toHaveLength(1);
        inner.create(Topic, { name: 'b' });
      },
      { flushMode: FlushMode.AUTO },
    );
    expect(await kinds()).toEqual(['Topic create', 'Topic create']);
  });

  it('with FlushMode.COMMIT nothing is sent before the end, and all is recorded', async () => {
    await app.em.transactional(
      async (inner) => {
        inner.create(Topic, { name: 'a' });
        expect(await inner.find(Topic, {})).toEqual([]);
      },
      { flushMode: FlushMode.COMMIT },
    );
    expect(await kinds()).toEqual(['Topic create']);
  });

  it('flushes that read before they write do not wait for each other crosswise', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      app.em.create(Topic, { name });
    }
    await app.em.flush();
    const rounds = Array.from({ length: 40 }, async (_, round) => {
      const manager = app.orm.em.fork();
      for (const id of round % 2 === 0 ? [1, 2, 3, 4] : [4, 3, 2, 1]) {
        manager.getReference(Topic, id).name = `round ${round}`;
      }
      await manager.flush();
    });
    await Promise.all(rounds);
    expect(await trailOf(app)).toHaveLength(4 + 40 * 4);
  });
});

describe('hierarchies and relations', () => {
  it('each class of a hierarchy of three keeps its own name, and its base finds it', async () => {
    app.em.create(Meeting, { title: 'm', kind: 'meeting' });
    app.em.create(Course, { title: 'c', hours: 2, kind: 'course' });
    const exam = app.em.create(Exam, { title: 'e', hours: 1, points: 10, kind: 'exam' });
    await app.em.flush();
    exam.title = 'f';
    exam.points = 20;
    await app.em.flush();
    expect(await kinds()).toEqual(['Meeting create', 'course create', 'exam create', 'exam update']);
    expect((await app.reader.history(Meeting, exam.id)).items.map(({ entityType }) => entityType)).toEqual([
      'exam',
      'exam',
    ]);
  });

  it('a reference to an unaudited row that is deleted later', async () => {
    const room = app.em.create(Room, { hidden: false });
    const meeting = app.em.create(Meeting, { title: 'm', kind: 'meeting' });
    meeting.room = app.em.getReference(Room, room as never, { wrapped: true }) as never;
    meeting.room = null;
    await app.em.flush();
    meeting.room = app.em.getReference(Room, room.id, { wrapped: true });
    await app.em.flush();
    app.em.clear();
    app.em.remove(await app.em.findOneOrFail(Room, room.id));
    await app.em.flush();
    const { items } = await app.reader.history(Meeting, meeting.id, { limit: 1 });
    expect(items[0]).toMatchObject({ operation: 'update', before: { room: room.id }, after: { room: null } });
  });

  it('a reference to a row that a filter hides', async () => {
    const room = app.em.create(Room, { hidden: true });
    await app.em.flush();
    const meeting = app.em.create(Meeting, {
      title: 'm',
      kind: 'meeting',
      room: app.em.getReference(Room, room.id, { wrapped: true }),
    });
    await app.em.flush();
    app.em.clear();
    const again = await app.em.findOneOrFail(Meeting, meeting.id);
    again.title = 'n';
    await app.em.flush();
    app.em.remove(again);
    await app.em.flush();
    const { items } = await app.reader.history(Meeting, meeting.id);
    expect(items.map(({ before, after }) => [before, after])).toMatchObject([
      [{ room: room.id, title: 'n' }, null],
      [{ title: 'm' }, { title: 'n' }],
      [null, { room: room.id }],
    ]);
  });

  it('two relations between the same classes, and a composite key in a link table', async () => {
    const [a, b] = [app.em.create(Topic, { name: 'a' }), app.em.create(Topic, { name: 'b' })];
    const seats = [
      app.em.create(Seat, { row: 'A', number: 1 }),
      app.em.create(Seat, { row: 'A', number: 2 }),
    ] as const;
    const meeting = app.em.create(Meeting, { title: 'm', kind: 'meeting' });
    meeting.mainTopics.add(a);
    meeting.sideTopics.add(a, b);
    meeting.seats.add(...seats);
    await app.em.flush();
    meeting.mainTopics.set([b]);
    meeting.seats.remove(seats[0]);
    await app.em.flush();
    const { items } = await app.reader.history(Meeting, meeting.id, { limit: 1 });
    expect(items[0]).toMatchObject({
      before: { mainTopics: [a.id], seats: ['["A","1"]'] },
      after: { mainTopics: [b.id] },
    });
    app.em.clear();
    app.em.remove(app.em.getReference(Seat, { row: 'A', number: 2 } as never));
    await app.em.flush();
  });

  it('a detached entity that is merged with a changed collection', async () => {
    const [a, b] = [app.em.create(Topic, { name: 'a' }), app.em.create(Topic, { name: 'b' })];
    const meeting = app.em.create(Meeting, { title: 'm', kind: 'meeting' });
    meeting.mainTopics.add(a);
    await app.em.flush();
    const detached = await app.orm.em.fork().findOneOrFail(Meeting, meeting.id, { populate: ['mainTopics'] });
    const other = app.orm.em.fork();
    const merged = other.merge(detached);
    merged.mainTopics.add(other.getReference(Topic, b.id));
    merged.title = 'n';
    await other.flush();
    const { items } = await app.reader.history(Meeting, meeting.id, { limit: 1 });
    expect(items[0]).toMatchObject({ before: { title: 'm' }, after: { title: 'n', mainTopics: [b.id] } });
  });

  it('links of a subclass are recorded under its own name, from either end', async () => {
    const [a, b] = [app.em.create(Topic, { name: 'a' }), app.em.create(Topic, { name: 'b' })];
    const course = app.em.create(Course, { title: 'c', hours: 2, kind: 'course' });
    course.mainTopics.add(a, b);
    await app.em.flush();
    app.em.clear();
    app.em.remove(await app.em.findOneOrFail(Topic, a.id));
    await app.em.flush();
    expect((await kinds()).sort()).toEqual([
      'Topic create',
      'Topic create',
      'Topic delete',
      'course create',
      'course update',
    ]);
  });

  it('links of a subclass that are set from the other side', async () => {
    const topic = app.em.create(Topic, { name: 'a' });
    const [course, exam] = [
      app.em.create(Course, { title: 'c', hours: 2, kind: 'course' }),
      app.em.create(Exam, { title: 'e', hours: 2, points: 1, kind: 'exam' }),
    ];
    topic.meetings.add(course);
    await app.em.flush();
    expect((await kinds()).sort()).toEqual(['Topic create', 'course create', 'exam create']);
    app.em.clear();
    const again = await app.em.findOneOrFail(Topic, topic.id);
    again.meetings.add(await app.em.findOneOrFail(Exam, exam.id));
    await app.em.flush();
    expect((await kinds()).at(-1)).toBe('exam update');
    expect(await trailOf(app)).toHaveLength(4);
  });
});
