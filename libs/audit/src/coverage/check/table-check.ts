import { IsolationLevel, TransactionContext } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { RowPages } from '../../capture/orm/row-pages.js';
import type { RowMap } from '../../model/row-map.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import { atPresentPaths, PastStates } from '../../query/state/past-states.js';
import { storedTypes } from '../../query/terms/change-decoder.js';
import { type LiveEntity, LiveReader } from '../../restore/live-reader.js';
import type { HistoryStep, LifeChange } from '../../store/audit-store.js';
import type { CoveredClass } from '../tables/covered-classes.js';
import { toldEntities } from '../tables/told-entities.js';
import { ChainReplay } from './chain-replay.js';
import type { CheckFinding, FoundChange } from './check-finding.js';
import { differences, shown } from './row-comparison.js';

/** Changes that are in memory at a time. */
const MOST_CHANGES = 5_000;

/** The classes that share a table, in one schema. */
export interface CoveredTable {
  /** Those that are asked for. */
  readonly classes: readonly CoveredClass[];
  /** All that have a history in the table. */
  readonly policies: readonly EntityPolicy[];
}

/** An entity as it follows from its changes. */
interface ReplayedEntity {
  readonly covered: CoveredClass;
  readonly entityId: string;
  readonly chain: ChainReplay;
}

/** A replay that is going on. */
interface OpenReplay {
  /** The place of the entity in the page. */
  readonly n: number;
  readonly replay: ChainReplay;
  /** Changes so far. */
  length: number;
  /** Null for a class that is not asked for. */
  covered: CoveredClass | null;
}

/** The outcome of one page. */
export interface CheckedPage {
  readonly findings: readonly CheckFinding[];
  readonly changes: number;
  readonly entities: number;
}

/** Compares the entities of one table with the trail, a page at a time, each in one snapshot: whoever writes meanwhile is no fault. */
export class TableCheck {
  readonly types: readonly string[];
  private readonly first: CoveredClass;

  constructor(private readonly table: CoveredTable) {
    this.types = storedTypes(table.policies);
    this.first = table.classes[0] as CoveredClass;
  }

  /** Replays what is recorded of some entities, and compares it with their rows. */
  trailPage(ids: readonly string[]): Promise<CheckedPage> {
    return this.inSnapshot(async () => {
      const entities: ReplayedEntity[] = [];
      let changes = 0;
      for await (const { entityId, replay: chain, covered, length } of this.replays(ids)) {
        changes += length;
        if (covered) {
          entities.push({ entityId, chain, covered });
        }
      }
      return { findings: await this.compare(entities), changes, entities: entities.length };
    });
  }

  /** The rows among some of a class whose beginning the trail does not know. */
  tablePage(covered: CoveredClass, ids: readonly string[]): Promise<readonly CheckFinding[]> {
    return this.inSnapshot(async (em) => {
      const told = await toldEntities(covered, ids);
      const unknown = ids.filter((id) => !told.has(id)).map((entityId) => ({ entityId }));
      // Ids were listed before this snapshot, and somebody may have deleted a row since.
      const present = await new LiveReader(covered.instance).rows(covered.codec, unknown, 'none');
      const untold = [...present.keys()];
      const extending = await new RowPages(em, covered.codec, covered.readsFrom).extending(untold);
      const { entityType } = covered.policy;
      return untold
        .filter((id) => !extending.has(id))
        .map((entityId) => ({
          kind: 'not-recorded',
          entityType,
          entityId,
          path: null,
          since: null,
          until: null,
        }));
    });
  }

  /** MikroORM begins its transactions on the primary, so one on a replica is begun by hand. */
  private inSnapshot<Result>(read: (em: EntityManager) => Promise<Result>): Promise<Result> {
    const { instance, readsFrom } = this.first;
    const em = instance.policies.orm.em.fork() as EntityManager;
    const options = { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true };
    if (readsFrom === 'write') {
      return em.transactional((inner) => read(inner as EntityManager), options);
    }
    return em.getConnection('read').transactional((transaction) => {
      em.setTransactionContext(transaction);
      return TransactionContext.create(em, () => read(em));
    }, options);
  }

  private async *replays(ids: readonly string[]): AsyncGenerator<OpenReplay & { readonly entityId: string }> {
    const { walk } = this.first.instance.store.search;
    let open = null as OpenReplay | null;
    let after: { readonly n: number; readonly id: string } | null = null;
    for (let isLast = false; !isLast; ) {
      const steps: readonly HistoryStep[] = await walk.histories({
        types: this.types,
        ids,
        after,
        limit: MOST_CHANGES,
      });
      isLast = steps.length < MOST_CHANGES;
      for (const step of steps) {
        if (open?.n !== step.n) {
          if (open) {
            yield { ...open, entityId: ids[open.n] ?? '' };
          }
          open = { n: step.n, ...this.begin(step.change), length: 0 };
        }
        this.follow(open, step);
        open.length++;
        after = { n: step.n, id: step.change.id };
      }
    }
    if (open) {
      yield { ...open, entityId: ids[open.n] ?? '' };
    }
  }

  private begin(change: LifeChange): { readonly replay: ChainReplay; readonly covered: CoveredClass | null } {
    const covered = this.classOf(change);
    return { replay: new ChainReplay((covered ?? this.first).codec), covered };
  }

  private follow(open: OpenReplay, step: HistoryStep): void {
    const covered = this.classOf(step.change);
    const change = atPresentPaths(step.change, covered?.policy);
    if (covered?.policy !== open.covered?.policy) {
      // Another class has other properties; its life is told by `PastStates`.
      open.covered = covered;
      open.replay.isElsewhere = true;
    }
    open.replay.add({ ...step, change });
  }

  /** Null for a class that is not asked for, and for one that is not audited any more. */
  private classOf({ entityType }: LifeChange): CoveredClass | null {
    const policy = this.first.instance.policies.ofType(entityType);
    return this.table.classes.find((covered) => covered.policy.entityType === policy?.entityType) ?? null;
  }

  private async compare(entities: readonly ReplayedEntity[]): Promise<readonly CheckFinding[]> {
    const present = entities.filter(({ chain }) => chain.exists);
    const rows = await new LiveReader(this.first.instance).read(
      present.map(({ covered: { policy, codec }, entityId }) => ({ policy, codec, entityId })),
    );
    const findings: CheckFinding[] = [];
    for (const entity of entities) {
      findings.push(...contradictions(entity));
      if (entity.chain.exists) {
        findings.push(...(await this.ofRow(entity, rows)));
      }
    }
    return findings;
  }

  private async ofRow(
    { covered, entityId, chain }: ReplayedEntity,
    rows: RowMap<LiveEntity>,
  ): Promise<readonly CheckFinding[]> {
    const { policy, codec, instance, family } = covered;
    const common = { entityType: policy.entityType, entityId, until: null };
    const row = rows.get({ table: policy.table, text: entityId });
    if (!row) {
      return [{ ...common, kind: 'gone', path: null, since: chain.last && edgeOf(chain.last) }];
    }
    const past = chain.isElsewhere
      ? (await new PastStates(instance, null, null).load(family, [entityId])).get(entityId)
      : undefined;
    const told = past ? past.told : chain.fold.told;
    const values = past ? past.values : chain.fold.values;
    return differences(codec, { values, isTold: told !== undefined }, row).map(({ path, ...sides }) => {
      const since = (past ? past.changeOf(path) : chain.fold.changedBy.get(path)) ?? told ?? null;
      return { ...common, kind: 'differs', path, ...sides, since: since && edgeOf(since) };
    });
  }
}

function contradictions({ covered, entityId, chain }: ReplayedEntity): readonly CheckFinding[] {
  return chain.contradictions.map(({ path, recorded, found, since, until }) => {
    const property = path === null ? undefined : covered.codec.ofPath(path);
    const hidden = (value: typeof recorded) =>
      value === undefined || !property ? value : shown(property, value);
    return {
      kind: 'contradiction',
      entityType: covered.policy.entityType,
      entityId,
      path,
      ...(recorded !== undefined && { trail: hidden(recorded) as typeof recorded }),
      ...(found !== undefined && { found: hidden(found) as typeof found }),
      since: since && edgeOf(since),
      until: edgeOf(until),
    };
  });
}

function edgeOf({ id, revisionId, revision: { recordedAt } }: LifeChange): FoundChange {
  return { changeId: id, revisionId, recordedAt };
}
