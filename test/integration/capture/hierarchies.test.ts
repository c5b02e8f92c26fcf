import { describe, expect, it } from '@jest/globals';
import { trailOf } from '../../support/trail.js';
import { Course, Exam, Meeting, Room, Seat, Topic, useMeetings } from './use-meetings.js';

const { app, kinds } = useMeetings();

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
