import type { JsonValue } from '../../model/json.js';
import { LifeFold } from '../../query/state/life-fold.js';
import type { EntityCodec } from '../../serialize/entity/entity-codec.js';
import type { HistoryStep, LifeChange } from '../../store/audit-store.js';
import { CORRECTION } from './check-rules.js';

/** Something that changes of one entity do not agree on. */
export interface Contradiction {
  /** Null for whether it was there at all. */
  readonly path: string | null;
  readonly recorded?: JsonValue;
  readonly found?: JsonValue;
  readonly since: LifeChange | null;
  readonly until: LifeChange;
}

/**
 * Replays all that is recorded of one entity, from the first change to the last. A baseline tells the state anew, so it settles
 * what was contradictory before it; only a correction tells what is told already.
 */
export class ChainReplay {
  /** Whether the entity is there; null before its first change. */
  exists: boolean | null = null;
  fold: LifeFold;
  last: LifeChange | null = null;
  /** Whether the life of now has begun under another id, or under another class: then its changes are not all here. */
  isElsewhere = false;
  contradictions: Contradiction[] = [];

  constructor(private readonly codec: EntityCodec) {
    this.fold = new LifeFold(codec);
  }

  add({ change, isArrival }: HistoryStep): void {
    if (isArrival) {
      this.fold = new LifeFold(this.codec);
      this.exists = true;
      this.isElsewhere = true;
    } else if (change.operation === 'baseline') {
      const isTold = this.exists === true && !this.isElsewhere && this.fold.told !== undefined;
      this.fold.add(change);
      if (isTold && change.revision.action !== CORRECTION) {
        this.contradictions.push({ path: null, since: this.last, until: change });
      } else {
        this.contradictions = [];
      }
      this.exists = true;
    } else {
      this.follow(change);
    }
    this.last = change;
  }

  private follow(change: LifeChange): void {
    const { operation } = change;
    if (this.exists === (operation === 'create')) {
      this.contradictions.push({ path: null, since: this.last, until: change });
    }
    if (operation === 'create') {
      this.isElsewhere = false;
    }
    const known = this.fold.gaps.length;
    if (operation === 'delete' && !this.isElsewhere) {
      for (const [path, value] of this.exists === false ? [] : this.fold.foundBy(change)) {
        // Without foreign keys the database keeps the links of what is deleted, and the delete does not tell of them.
        if (!this.codec.policy.collections.has(path) || (change.before !== null && path in change.before)) {
          this.fold.believe(path, value, change);
        }
      }
      this.collect(known);
    }
    this.fold.add(change);
    if (operation === 'update') {
      this.collect(known);
    }
    this.exists = operation !== 'delete' && change.renamedTo === null;
    if (change.renamedTo !== null) {
      this.fold = new LifeFold(this.codec);
    }
  }

  private collect(known: number): void {
    for (const { path, recorded, found, since, until } of this.isElsewhere
      ? []
      : this.fold.gaps.slice(known)) {
      this.contradictions.push({ path, recorded, found, since, until });
    }
  }
}
