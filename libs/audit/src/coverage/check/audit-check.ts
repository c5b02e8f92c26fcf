import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { RowPages } from '../../capture/orm/row-pages.js';
import { AuditContext } from '../../context/audit-context.js';
import { InvalidCoverageError } from '../../errors/coverage-errors.js';
import { systemActor } from '../../model/actor.js';
import { type CoveredClass, coveredClasses } from '../tables/covered-classes.js';
import { CoveredInstances } from '../tables/covered-instance.js';
import { assertNothingHidden } from '../tables/hidden-rows.js';
import { ChangedIds } from './changed-ids.js';
import type { CheckFinding, CheckFindingKind } from './check-finding.js';
import type { CheckOptions, CheckReport } from './check-options.js';
import { CheckPosition } from './check-position.js';
import { assertCheckOptions, CORRECTION, METHOD } from './check-rules.js';
import { Corrections } from './corrections.js';
import { TableCheck } from './table-check.js';

const TRAIL_PAGE = 300;
const TABLE_PAGE = 1_000;
const SAMPLE_RANGE = 2 ** 32;

/**
 * Holds the trail against the tables: replays all that is recorded, in the order of the ids, and compares what follows from it with
 * the rows and links that are there; then looks for rows that the trail does not know. Each page is read in one snapshot, so it is
 * right while others write, and no snapshot is old enough to hold up a vacuum.
 */
@Injectable()
export class AuditCheck {
  constructor(
    @Inject(CoveredInstances) private readonly instances: CoveredInstances,
    @Inject(AuditContext) private readonly context: AuditContext,
  ) {}

  /**
   * @throws NotAuditedError for a class without a policy
   * @throws InvalidCoverageError for an invalid option
   * @throws HiddenRowsError where row level security applies to the role of the connection
   * @throws AuditWriteError when a correction cannot be written
   */
  async run(options: CheckOptions = {}): Promise<CheckReport> {
    assertCheckOptions(options);
    const found = await coveredClasses(this.instances.all(), options, METHOD);
    const classes = options.readFrom === 'replica' ? found.map(onReplica) : found;
    const [first, ...others] = classes;
    if (
      options.since !== undefined &&
      others.some(({ instance }) => instance.store !== first?.instance.store)
    ) {
      throw new InvalidCoverageError(
        METHOD,
        'since',
        'is given for several MikroORM instances',
        'Name one context.',
      );
    }
    await assertNothingHidden(classes, METHOD);
    const resume = options.resume === undefined ? null : CheckPosition.parse(options.resume);
    const { record } = options;
    const run = new CheckRun(options, await this.positionOf(classes));
    const { actor = systemActor('audit-check'), reason = '' } = record ?? {};
    const values = { actor, reason, action: CORRECTION, metadata: { foundBy: 'AuditCheck' } };
    return this.context.run(values, () => run.all(classes, resume));
  }

  private async positionOf([first]: readonly CoveredClass[]): Promise<string> {
    return (await first?.instance.store.search.oldestOpenTransaction()) ?? '0';
  }
}

class CheckRun {
  private readonly counts: Record<CheckFindingKind, number> = {
    'not-recorded': 0,
    gone: 0,
    differs: 0,
    contradiction: 0,
  };
  private readonly findings: CheckFinding[] = [];
  private entities = 0;
  private changes = 0;
  private rows = 0;
  private corrected = 0;

  constructor(
    private readonly options: CheckOptions,
    private readonly position: string,
  ) {}

  async all(classes: readonly CoveredClass[], resume: CheckPosition | null): Promise<CheckReport> {
    const tables = Map.groupBy(classes, tableName);
    let isBehind = resume === null;
    for (const ofTable of tables.values()) {
      const table = new TableCheck({
        classes: ofTable,
        policies: ofTable
          .flatMap(({ instance, policy }) => instance.policies.sharing(policy))
          .filter(isFirst),
      });
      const parts: readonly CoveredClass[] = this.options.since === undefined ? ofTable : [];
      for (const [part, covered] of [
        ['trail', ofTable[0] as CoveredClass] as const,
        ...parts.map((one) => ['table', one] as const),
      ]) {
        const { entityType } = covered.policy;
        const isHere = resume?.isAt(entityType, part) === true;
        isBehind ||= isHere;
        if (isBehind && !this.isAborted) {
          const after = isHere ? (resume?.after ?? null) : null;
          await (part === 'trail' ? this.trail(table, ofTable, after) : this.table(table, covered, after));
        }
      }
    }
    if (!isBehind) {
      throw new InvalidCoverageError(
        METHOD,
        'resume',
        'is of a run over other classes',
        'Give the same options.',
      );
    }
    const { entities, changes, rows, counts, findings, corrected, position } = this;
    return { entities, changes, rows, counts, findings, corrected, position, complete: !this.isAborted };
  }

  private get isAborted(): boolean {
    return this.options.signal?.aborted === true;
  }

  private async trail(
    table: TableCheck,
    classes: readonly CoveredClass[],
    from: string | null,
  ): Promise<void> {
    const [first] = classes as [CoveredClass];
    const pages = pagesOf(first);
    const { search } = first.instance.store;
    const { since } = this.options;
    const estimate = await this.estimate(pages);
    const changed = new ChangedIds(search.walk, table.types, since ?? '0', TRAIL_PAGE);
    let after = from;
    let looked = 0;
    do {
      const query = { types: table.types, afterId: after };
      const page =
        since === undefined
          ? await search.holders({ ...query, values: [], window: TRAIL_PAGE })
          : await changed.next(after);
      const ids = page.ids.filter((id) => this.isInSample(id));
      const { findings, changes, entities } = await table.trailPage(ids);
      this.changes += changes;
      this.entities += entities;
      looked += page.ids.length;
      await this.report(findings, classes);
      await this.progress(first, 'trail', { looked, estimate, after: page.ids.at(-1) ?? after });
      after = page.stoppedAt;
    } while (after !== null && !this.isAborted);
  }

  private async table(table: TableCheck, covered: CoveredClass, from: string | null): Promise<void> {
    const pages = pagesOf(covered);
    const estimate = await this.estimate(pages);
    let after = from;
    let looked = 0;
    let isLast = false;
    while (!isLast && !this.isAborted) {
      const found = await pages.ids({ after, limit: TABLE_PAGE, where: null });
      isLast = found.length < TABLE_PAGE;
      const ids = found.filter((id) => this.isInSample(id));
      await this.report(await table.tablePage(covered, ids), [covered]);
      this.rows += ids.length;
      looked += found.length;
      after = found.at(-1) ?? after;
      await this.progress(covered, 'table', { looked, estimate, after });
    }
  }

  /** The same entities in each run. */
  private isInSample(id: string): boolean {
    const { sample = 1 } = this.options;
    return sample >= 1 || createHash('sha1').update(id).digest().readUInt32BE(0) < sample * SAMPLE_RANGE;
  }

  private async report(findings: readonly CheckFinding[], classes: readonly CoveredClass[]): Promise<void> {
    const { maxFindings = 1_000, onFinding, record } = this.options;
    for (const finding of findings) {
      this.counts[finding.kind]++;
      if (this.findings.length < maxFindings) {
        this.findings.push(finding);
      }
      await onFinding?.(finding);
    }
    if (record && findings.length > 0) {
      this.corrected += await new Corrections(classes).write(findings);
    }
  }

  private async estimate(pages: RowPages): Promise<number> {
    return this.options.onProgress ? pages.estimate() : 0;
  }

  private async progress(
    { policy: { entityType } }: CoveredClass,
    part: 'trail' | 'table',
    { looked, estimate, after }: { looked: number; estimate: number; after: string | null },
  ): Promise<void> {
    const resume = new CheckPosition(entityType, part, after).toString();
    await this.options.onProgress?.({ entityType, part, looked, estimate, resume });
  }
}

function pagesOf({ instance, codec, readsFrom }: CoveredClass): RowPages {
  return new RowPages(instance.policies.orm.em.fork() as EntityManager, codec, readsFrom);
}

/** @throws InvalidCoverageError where there is none */
function onReplica(covered: CoveredClass): CoveredClass {
  const { instance } = covered;
  const { config } = instance.policies.orm;
  if ((config.get('replicas') ?? []).length === 0) {
    throw new InvalidCoverageError(
      METHOD,
      'readFrom',
      `is "replica", but the MikroORM configuration "${config.get('contextName')}" has no replicas`,
      'Add replicas to that configuration, or read from the primary.',
    );
  }
  return { ...covered, instance: { ...instance, store: instance.replica }, readsFrom: 'read' };
}

/** One text for each table of an instance. */
function tableName({ instance, policy }: CoveredClass): string {
  const { root } = policy.meta;
  return JSON.stringify([
    instance.policies.orm.config.get('contextName'),
    root.className,
    policy.schema ?? null,
  ]);
}

function isFirst<Item>(item: Item, at: number, all: readonly Item[]): boolean {
  return all.indexOf(item) === at;
}
