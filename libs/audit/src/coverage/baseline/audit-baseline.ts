import { setTimeout as pause } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { RowPages } from '../../capture/orm/row-pages.js';
import { AuditContext } from '../../context/audit-context.js';
import { InvalidCoverageError } from '../../errors/coverage-errors.js';
import { systemActor } from '../../model/actor.js';
import { storedTypes } from '../../query/terms/change-decoder.js';
import { type CoveredClass, coveredClasses } from '../tables/covered-classes.js';
import { CoveredInstances } from '../tables/covered-instance.js';
import { assertNothingHidden } from '../tables/hidden-rows.js';
import { toldEntities } from '../tables/told-entities.js';
import { BaselineBatch } from './baseline-batch.js';
import type { BaselineOptions, BaselineReport, BaselineResult } from './baseline-options.js';

const REASON = 'The state that existing rows had when their auditing began.';
const MOST_ROWS = 5_000;
/** Locked rows that are remembered before they are waited for. */
const MOST_LOCKED = 10_000;

/**
 * Records the present state of rows and links that were there before auditing began, or came past it: as changes with the
 * operation `baseline`, which change nothing and tell everything. Rows that the trail knows already, from their creation or
 * from an earlier baseline, are left alone, so a run that was killed is simply run again.
 */
@Injectable()
export class AuditBaseline {
  constructor(
    @Inject(CoveredInstances) private readonly instances: CoveredInstances,
    @Inject(AuditContext) private readonly context: AuditContext,
  ) {}

  /**
   * Goes through the rows in the order of their keys, while others write them: each batch is a transaction and a revision of its
   * own, with the action `audit.baseline`. Rows that somebody has locked are left for the end.
   * @throws NotAuditedError for a class without a policy
   * @throws InvalidCoverageError for an invalid option
   * @throws HiddenRowsError where row level security applies to the role of the connection
   * @throws AuditWriteError when the trail cannot be written; the batches before it stay
   */
  async run(options: BaselineOptions = {}): Promise<BaselineReport> {
    assertOptions(options);
    const classes = await coveredClasses(this.instances.all(), options, 'AuditBaseline.run');
    if (options.where !== undefined && classes.length > 1) {
      throw new InvalidCoverageError(
        'AuditBaseline.run',
        'where',
        `is given for ${classes.length} classes`,
        'Name the one class whose rows it is about in "entities".',
      );
    }
    await assertNothingHidden(classes, 'AuditBaseline.run');
    const { actor = systemActor('audit-baseline'), reason = REASON } = options;
    return this.context.run({ actor, reason, action: 'audit.baseline' }, async () => {
      const entities: BaselineResult[] = [];
      for (const covered of classes) {
        if (options.signal?.aborted !== true) {
          entities.push(await new ClassBaseline(covered, options).run());
        }
      }
      const complete =
        options.signal?.aborted !== true && entities.every(({ locked }) => locked.length === 0);
      return { entities, complete };
    });
  }
}

/** The baseline of one class in one schema. */
class ClassBaseline {
  private readonly pages: RowPages;
  private readonly batch: BaselineBatch;
  private readonly startedAt = performance.now();
  private looked = 0;
  private recorded = 0;
  private locked: string[] = [];
  private estimate: number | null = null;

  constructor(
    private readonly covered: CoveredClass,
    private readonly options: BaselineOptions,
  ) {
    const em = covered.instance.policies.orm.em.fork() as EntityManager;
    this.pages = new RowPages(em, covered.codec, 'write');
    this.batch = new BaselineBatch(covered, this.pages);
  }

  async run(): Promise<BaselineResult> {
    const { batchSize = 200, where = null } = this.options;
    this.estimate = where === null ? await this.pages.estimate() : null;
    const begun = await this.position();
    let after: string | null = null;
    let isLast = false;
    while (!isLast && !this.isAborted) {
      const ids = await this.pages.ids({ after, limit: batchSize, where });
      isLast = ids.length < batchSize;
      after = ids.at(-1) ?? null;
      const told = await toldEntities(this.covered, ids);
      await this.record(ids.filter((id) => !told.has(id)));
      this.looked += ids.length;
      if (isLast || this.locked.length >= MOST_LOCKED) {
        await this.waitForLocked();
      }
      await this.report();
    }
    if (where === null) {
      await this.follow(begun, batchSize);
    }
    const { entityType } = this.covered.policy;
    return { entityType, looked: this.looked, recorded: this.recorded, locked: this.locked };
  }

  private get isAborted(): boolean {
    return this.options.signal?.aborted === true;
  }

  /**
   * Rows that got another key before their turn came may lie behind, where nobody looks any more. Who has done it left their new
   * keys in the trail.
   */
  private async follow(begun: string, limit: number): Promise<void> {
    const { walk } = this.covered.instance.store.search;
    const types = storedTypes(this.covered.family);
    const stayed = this.locked;
    this.locked = [];
    for (let since = begun, before = -1; before < this.recorded && !this.isAborted; ) {
      before = this.recorded;
      const now = await this.position();
      let afterId: string | null = null;
      do {
        const ids: readonly string[] = await walk.changedIds({
          types,
          since,
          afterId,
          limit,
          onlyArrived: true,
        });
        const told = await toldEntities(this.covered, ids);
        await this.record(ids.filter((id) => !told.has(id)));
        await this.waitForLocked();
        afterId = ids.length < limit ? null : (ids.at(-1) ?? null);
      } while (afterId !== null && !this.isAborted);
      this.looked += this.recorded - before;
      since = now;
    }
    this.locked = [...new Set([...stayed, ...this.locked])];
    await this.report();
  }

  private position(): Promise<string> {
    return this.covered.instance.store.search.oldestOpenTransaction();
  }

  private async record(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) {
      const { recorded, locked } = await this.batch.record(ids, 'free');
      this.locked.push(...locked);
      await this.count(recorded);
    }
  }

  /** One by one: who waits for a row holds no other one that somebody else may wait for. */
  private async waitForLocked(): Promise<void> {
    const { lockWait = 30 } = this.options;
    const remaining: string[] = [];
    for (const id of this.locked) {
      const until = performance.now() + lockWait * 1_000;
      let isLocked = true;
      while (isLocked && !this.isAborted) {
        const { recorded, locked } = await this.batch.record([id], 'wait');
        await this.count(recorded);
        isLocked = locked.length > 0;
        if (isLocked && performance.now() >= until) {
          break;
        }
      }
      remaining.push(...(isLocked ? [id] : []));
    }
    this.locked = remaining;
  }

  private async count(recorded: number): Promise<void> {
    this.recorded += recorded;
    const { rowsPerSecond } = this.options;
    const due = rowsPerSecond === undefined ? 0 : (this.recorded / rowsPerSecond) * 1_000;
    const early = due - (performance.now() - this.startedAt);
    if (early > 0) {
      await pause(early, undefined, { signal: this.options.signal }).catch(() => undefined);
    }
  }

  private async report(): Promise<void> {
    const { looked, recorded, estimate } = this;
    const { entityType } = this.covered.policy;
    await this.options.onProgress?.({ entityType, looked, recorded, estimate });
  }
}

function assertOptions({ batchSize, rowsPerSecond, lockWait, reason }: BaselineOptions): void {
  const refuse = (option: string, legal: string): never => {
    throw new InvalidCoverageError('AuditBaseline.run', option, 'is invalid', `Give ${legal}.`);
  };
  if (batchSize !== undefined && !(Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= MOST_ROWS)) {
    refuse('batchSize', `a whole number from 1 to ${MOST_ROWS}`);
  }
  if (rowsPerSecond !== undefined && !(rowsPerSecond > 0)) {
    refuse('rowsPerSecond', 'a number above 0');
  }
  if (lockWait !== undefined && !(lockWait >= 0)) {
    refuse('lockWait', 'seconds from 0 on');
  }
  if (reason !== undefined && (typeof reason !== 'string' || reason.trim() === '')) {
    refuse('reason', 'words that say why, or leave it out');
  }
}
