import type { OracleInput, TruthRow } from './input.js';
import { isLinkRow, keyOf, type LiveRows, targetOf } from './live-rows.js';
import type { EntityModel, LinkModel } from './model.js';

/** The effect of one transaction on the links of one owner. */
export interface LinkThread {
  readonly transactionId: string;
  readonly link: LinkModel;
  /** A class that has the relation; the owner may be of another class in the same table. */
  readonly entity: EntityModel;
  readonly owner: string;
  /** Class of the owner at the first touch; null when it did not exist yet. */
  readonly ownerClass: EntityModel | null | undefined;
  /** How often the transaction added (negative: removed) each target. */
  readonly net: Map<string, number>;
  readonly listBefore: readonly string[];
  /** Kept for relations with an order only. */
  listAfter: readonly string[];
}

interface Relation {
  readonly entity: EntityModel;
  readonly link: LinkModel;
  readonly family: readonly EntityModel[];
}

/** Follows the links of each owner through the truth. Call `open` before and `close` after the live rows move forward. */
export class LinkThreads {
  readonly all: LinkThread[] = [];
  private readonly current = new Map<string, LinkThread>();
  private readonly relations = new Map<string, Relation[]>();

  constructor(
    entities: OracleInput['entities'],
    private readonly live: LiveRows,
  ) {
    for (const entity of entities) {
      const family = entities.filter(({ tables }) => tables[0] === entity.tables[0]);
      for (const link of entity.links) {
        const known = this.relations.get(link.table) ?? [];
        this.relations.set(link.table, [...known, { entity, link, family }]);
      }
    }
  }

  open(event: TruthRow): void {
    this.each(event, (thread, target, count) => {
      thread.net.set(target, (thread.net.get(target) ?? 0) + count);
    });
  }

  close(event: TruthRow): void {
    this.each(event, (thread) => {
      if (thread.link.orderColumn !== null) {
        thread.listAfter = this.live.targets(thread.link, thread.owner);
      }
    });
  }

  private each(event: TruthRow, visit: (thread: LinkThread, target: string, count: number) => void): void {
    this.relations.get(event.table)?.forEach((relation, at) => {
      for (const [row, count] of [[event.old, -1] as const, [event.new, 1] as const]) {
        if (row !== null && isLinkRow(row, relation.link)) {
          const owner = keyOf(row, relation.link.ownerColumns);
          const name = `${event.transactionId} ${event.table} ${at} ${owner}`;
          visit(
            this.threadOf(name, event, relation, owner),
            targetOf(row, relation.link.targetColumns),
            count,
          );
        }
      }
    });
  }

  private threadOf(
    name: string,
    event: TruthRow,
    { entity, link, family }: Relation,
    owner: string,
  ): LinkThread {
    const known = this.current.get(name);
    if (known) {
      return known;
    }
    const list = this.live.targets(link, owner);
    const thread: LinkThread = {
      transactionId: event.transactionId,
      link,
      entity,
      owner,
      ownerClass: this.live.classOf(family, owner),
      net: new Map(),
      listBefore: list,
      listAfter: list,
    };
    this.all.push(thread);
    this.current.set(name, thread);
    return thread;
  }
}
