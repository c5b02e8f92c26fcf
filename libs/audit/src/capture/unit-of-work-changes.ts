import type { EntityManager, UnitOfWork } from '@mikro-orm/core';
import { RowMap } from '../model/row-map.js';
import type { EntityPolicy } from '../policy/entity-policy.js';
import type { CaptureEnvironment } from './capture-environment.js';
import type { ChangeSource, FlushPlan, MaybePromise, PreparedFlush } from './change-source.js';
import { FlushWork } from './flush-work.js';
import { RowWatcher } from './look/watched-rows.js';
import { RowReader } from './orm/row-reader.js';
import { PreparedUnitOfWork } from './prepared-unit-of-work.js';
import { RowsBefore } from './subject/rows-before.js';

/** Changes by the unit of work: it is believed where it knows, and looked at where it does not. */
export class UnitOfWorkChanges implements ChangeSource {
  /** Extra updates of flushes that are over; MikroORM keeps them while further flushes are queued. */
  private readonly seen = new WeakSet<object>();

  constructor(private readonly environment: CaptureEnvironment) {}

  plan(em: EntityManager, unitOfWork: UnitOfWork): FlushPlan | null {
    const work = new FlushWork(em, unitOfWork, this.environment, this.seen);
    return work.isEmpty ? null : new UnitOfWorkPlan(work);
  }
}

class UnitOfWorkPlan implements FlushPlan {
  readonly isReading: boolean;

  constructor(private readonly work: FlushWork) {
    this.isReading = work.isReading;
  }

  get entityType(): string {
    return this.work.entityType;
  }

  policies(): readonly EntityPolicy[] {
    return this.work.policies();
  }

  entities(): readonly object[] {
    return this.work.entitiesOf(this.work.changeSets.all());
  }

  prepare(transaction: object | undefined): MaybePromise<PreparedFlush> {
    const { work } = this;
    return this.isReading
      ? this.read(new RowReader(work.em, transaction))
      : new PreparedUnitOfWork(work, RowsBefore.NONE, new RowMap(), work.links.withoutLook());
  }

  private async read(reader: RowReader): Promise<PreparedFlush> {
    const { watchList, links, em, environment } = this.work;
    const { schemas } = environment;
    const before = await RowsBefore.read(this.work.wanted, reader);
    this.noteLinksOfSubclasses(before);
    this.noteLinkRows(before);
    const watcher = new RowWatcher(watchList, schemas, em, this.work.watchedSubjects(), reader);
    const { rows, doubtful } = await watcher.read(before);
    for (const { key, codec } of doubtful) {
      links.addDoubtfulRow(schemas.near(key, em).of(codec.policy.meta, em), key);
    }
    return new PreparedUnitOfWork(this.work, before, rows, await links.look(reader));
  }

  /** The links of rows that no entity has loaded. */
  private noteLinkRows(before: RowsBefore): void {
    const { wanted, links } = this.work;
    for (const subject of wanted) {
      const row = subject.facts.linkRows.length > 0 ? before.rowOf(subject) : undefined;
      if (row) {
        links.addLinkRow(subject.facts, subject.entity, row);
      }
    }
  }

  /** The links that only the classes of the rows have, where references stood for rows of subclasses. */
  private noteLinksOfSubclasses(before: RowsBefore): void {
    const { wanted, links, em, environment } = this.work;
    for (const subject of wanted) {
      const { policy } = before.codecOf(subject);
      const { meta } = policy;
      if (subject.isDelete && meta.class !== subject.facts.meta.class) {
        const facts = environment.schemas.near(policy, em).of(meta, em);
        links.addDeletion(facts, policy, subject.entity);
      }
    }
  }
}
