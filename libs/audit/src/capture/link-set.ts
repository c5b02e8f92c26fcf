import type { Link } from './state-reader.js';

/**
 * The links of one many-to-many relation, found by either end, each end's in the order in which they were added. A
 * link table with an order has a key of its own, so the same link can be in it several times.
 */
export class LinkSet {
  private readonly byOwner = new Map<string, Map<string, Link>>();
  private readonly byTarget = new Map<string, Map<string, Link>>();
  private count = 0;

  constructor(private readonly hasRepetitions: boolean) {}

  add(link: Link): void {
    const mark = this.hasRepetitions ? ` ${this.count++}` : '';
    membersOf(this.byOwner, link.ownerId).set(link.targetId + mark, link);
    membersOf(this.byTarget, link.targetId).set(link.ownerId + mark, link);
  }

  /** Removes the link as often as it is there. */
  delete(link: Link): void {
    this.deleteFrom(this.byOwner.get(link.ownerId), link.targetId, link);
    this.deleteFrom(this.byTarget.get(link.targetId), link.ownerId, link);
  }

  ofOwner(ownerId: string): readonly Link[] {
    return [...(this.byOwner.get(ownerId)?.values() ?? [])];
  }

  ofTarget(targetId: string): readonly Link[] {
    return [...(this.byTarget.get(targetId)?.values() ?? [])];
  }

  get owners(): Iterable<string> {
    return this.byOwner.keys();
  }

  get targets(): Iterable<string> {
    return this.byTarget.keys();
  }

  private deleteFrom(members: Map<string, Link> | undefined, id: string, link: Link): void {
    if (!this.hasRepetitions) {
      members?.delete(id);
      return;
    }
    for (const [mark, one] of members ?? []) {
      if (one.ownerId === link.ownerId && one.targetId === link.targetId) {
        members?.delete(mark);
      }
    }
  }
}

function membersOf(index: Map<string, Map<string, Link>>, id: string): Map<string, Link> {
  let members = index.get(id);
  if (!members) {
    members = new Map();
    index.set(id, members);
  }
  return members;
}
