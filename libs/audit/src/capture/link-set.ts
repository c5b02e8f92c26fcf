import type { Link } from './state-reader.js';

/** The links of one many-to-many relation, found by either end, each end's in the order in which they were added. */
export class LinkSet {
  private readonly byOwner = new Map<string, Map<string, Link>>();
  private readonly byTarget = new Map<string, Map<string, Link>>();

  add(link: Link): void {
    membersOf(this.byOwner, link.ownerId).set(link.targetId, link);
    membersOf(this.byTarget, link.targetId).set(link.ownerId, link);
  }

  delete(link: Link): void {
    this.byOwner.get(link.ownerId)?.delete(link.targetId);
    this.byTarget.get(link.targetId)?.delete(link.ownerId);
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
}

function membersOf(index: Map<string, Map<string, Link>>, id: string): Map<string, Link> {
  let members = index.get(id);
  if (!members) {
    members = new Map();
    index.set(id, members);
  }
  return members;
}
