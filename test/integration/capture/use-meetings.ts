import { Collection, type Ref } from '@mikro-orm/core';
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
export
@Filter({ name: 'visible', cond: { hidden: false }, default: true })
@Entity()
class Room {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'boolean', default: false })
  hidden!: boolean;
}

export
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
export
@Audited()
@Entity()
class Seat {
  @PrimaryKey({ type: 'string' })
  row!: string;

  @PrimaryKey({ type: 'integer' })
  number!: number;
}

export
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

export
@Audited({ name: 'course' })
@Entity({ discriminatorValue: 'course' })
class Course extends Meeting {
  @Property({ type: 'integer' })
  hours!: number;
}

export
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

/** Rooms with seats, topics and meetings, and courses with exams. */
export function useMeetings() {
  const app = useAuditedApp({ entities: [Room, Topic, Seat, Meeting, Course, Exam], oracle });

  const kinds = async () => (await trailOf(app)).map(([type, , operation]) => `${type} ${operation}`);

  return { app, kinds };
}
