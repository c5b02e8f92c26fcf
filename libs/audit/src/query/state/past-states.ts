import { HistoryUnavailableError } from '../../errors/query-errors.js';
import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { LifeChange, Moment, ScopeFilter } from '../../store/audit-store.js';
import type { AuditedInstance } from '../terms/audit-catalog.js';
import { presentLabels, presentValues, storedTypes } from '../terms/change-decoder.js';
import { answerOf, type LifeAnswer, type LifeRules } from './life.js';
import { PastState } from './past-state.js';

interface TraceOptions {
  /**
   * Whether it is known that the entities existed, so that one without a history is refused and not left out.
   * @default false
   */
  readonly expectsHistory?: boolean;
}

/** The past of entities of one MikroORM instance, at one moment. */
export class PastStates {
  constructor(
    readonly instance: AuditedInstance,
    /** Null for now. */
    private readonly moment: Moment | null,
    /** The moment in words, for errors. */
    private readonly when: string,
    private readonly scope: ScopeFilter | null,
  ) {}

  /**
   * The states of the entities that had some ids then, with one query. Those that did not exist are left out, and those of
   * which anything is outside the scope.
   * @param family the policies of the class and of the subclasses that share its table, and so its keys
   * @throws HistoryUnavailableError
   */
  async load(
    family: readonly EntityPolicy[],
    ids: Iterable<string>,
    options: TraceOptions = {},
  ): Promise<ReadonlyMap<string, PastState>> {
    const states = await this.trace(family, ids, options);
    return new Map([...states].filter(([id, state]) => state.entityId === id));
  }

  /**
   * The same for the entities that have the ids after the moment: where their keys have changed since, they had others.
   * @throws HistoryUnavailableError
   */
  async trace(
    family: readonly EntityPolicy[],
    ids: Iterable<string>,
    { expectsHistory = false }: TraceOptions = {},
  ): Promise<ReadonlyMap<string, PastState>> {
    const states = new Map<string, PastState>();
    const keys = [...new Set(ids)].map((id) => ({ types: storedTypes(family), id }));
    const lives = await this.instance.store.search.lives(keys, this.moment, this.scope);
    for (const [at, { id }] of keys.entries()) {
      const found = this.stateOf(id, lives[at] ?? [], family);
      if (found instanceof PastState) {
        states.set(id, found);
      } else if (found === 'unknown' && family[0] && expectsHistory && !this.scope) {
        throw new HistoryUnavailableError(family[0].entityType, id, this.when, []);
      }
    }
    return states;
  }

  private stateOf(
    id: string,
    life: readonly LifeChange[],
    policies: readonly EntityPolicy[],
  ): PastState | 'absent' | 'unknown' {
    if (life.some(({ visible }) => !visible)) {
      return 'absent';
    }
    const ofType = (change: LifeChange | undefined) =>
      change && (this.instance.policies.ofType(change.entityType) ?? policies[0]);
    const changes = life.map((change) => atPresentPaths(change, ofType(change)));
    const policy = ofType(life.findLast(({ reached }) => reached)) ?? policies[0];
    const codec = policy && this.instance.codecs.find(policy.meta);
    if (!policy || !codec) {
      return 'unknown';
    }
    const answer: LifeAnswer = answerOf(changes, rulesOf(policy, id));
    switch (answer.kind) {
      case 'state':
        return new PastState(policy, codec, answer.state);
      case 'unavailable':
        throw new HistoryUnavailableError(policy.entityType, id, this.when, answer.missing);
      default:
        return answer.kind;
    }
  }
}

function atPresentPaths(change: LifeChange, policy: EntityPolicy | undefined): LifeChange {
  return {
    ...change,
    before: change.before && presentValues(change.before, policy),
    after: change.after && presentValues(change.after, policy),
    labels: presentLabels(change.labels, policy),
  };
}

function rulesOf({ meta, properties, collections }: EntityPolicy, entityId: string): LifeRules {
  return {
    entityId,
    keyPaths: meta.primaryKeys,
    paths: [...[...properties.values()].map(({ path }) => path), ...collections.keys()],
  };
}
