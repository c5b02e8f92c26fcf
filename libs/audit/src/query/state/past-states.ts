import type { EntityPolicy } from '../../policy/entity-policy.js';
import type { LifeChange, Moment, ScopeFilter } from '../../store/audit-store.js';
import type { AuditedInstance } from '../terms/audit-catalog.js';
import { presentLabels, presentValues, storedTypes } from '../terms/change-decoder.js';
import { answerOf } from './life.js';
import { PastState } from './past-state.js';

interface TraceOptions {
  /**
   * Whether it is known that the entities existed, as what is referred to did: then one without a history is not left
   * out, and all but its key is unknown.
   * @default false
   */
  readonly existed?: boolean;
}

/** The past of entities of one MikroORM instance, at one moment. */
export class PastStates {
  constructor(
    readonly instance: AuditedInstance,
    /** Null for now. */
    private readonly moment: Moment | null,
    private readonly scope: ScopeFilter | null,
  ) {}

  /**
   * The states of the entities that had some ids then, with one query. Those that did not exist are left out, and those of
   * which anything is outside the scope.
   * @param family the policies of the class and of the subclasses that share its table, and so its keys
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
   */
  async trace(
    family: readonly EntityPolicy[],
    ids: Iterable<string>,
    { existed = false }: TraceOptions = {},
  ): Promise<ReadonlyMap<string, PastState>> {
    const states = new Map<string, PastState>();
    const keys = [...new Set(ids)].map((id) => ({ types: storedTypes(family), id }));
    const lives = await this.instance.store.search.lives(keys, this.moment, this.scope);
    for (const [at, { id }] of keys.entries()) {
      const found = this.stateOf(id, lives[at] ?? [], family, existed && !this.scope);
      if (found) {
        states.set(id, found);
      }
    }
    return states;
  }

  /** The states of entities of which nothing is recorded but that they exist. */
  unrecorded(family: readonly EntityPolicy[], ids: Iterable<string>): ReadonlyMap<string, PastState> {
    const states = new Map<string, PastState>();
    for (const id of ids) {
      const state = this.stateOf(id, [], family, true);
      if (state) {
        states.set(id, state);
      }
    }
    return states;
  }

  private stateOf(
    id: string,
    life: readonly LifeChange[],
    policies: readonly EntityPolicy[],
    existed: boolean,
  ): PastState | null {
    if (life.some(({ visible }) => !visible)) {
      return null;
    }
    const ofType = (change: LifeChange | undefined) =>
      change && (this.instance.policies.ofType(change.entityType) ?? policies[0]);
    const changes = life.map((change) => atPresentPaths(change, ofType(change)));
    const policy = ofType(life.findLast(({ reached }) => reached) ?? life[0]) ?? policies[0];
    if (!policy) {
      return null;
    }
    const codec = this.instance.codecs.ofPolicy(policy);
    const answer = answerOf(changes, { entityId: id, codec, moment: this.moment, existed });
    return answer.kind === 'state' ? new PastState(policy, codec, answer.state) : null;
  }
}

/** The change under the paths of today. */
export function atPresentPaths(change: LifeChange, policy: EntityPolicy | undefined): LifeChange {
  return {
    ...change,
    before: change.before && presentValues(change.before, policy),
    after: change.after && presentValues(change.after, policy),
    labels: presentLabels(change.labels, policy),
  };
}
