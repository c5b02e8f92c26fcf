import { isDeepStrictEqual } from 'node:util';
import type { Revision } from '../model/revision.js';
import type { NewRevision } from '../store/audit-store.js';

/** Keeps revisions without changes, as the store does. */
export class InMemoryTrail {
  private readonly kept: Revision[] = [];

  get revisions(): readonly Revision[] {
    return [...this.kept];
  }

  clear(): void {
    this.kept.length = 0;
  }

  async record(revision: NewRevision): Promise<string> {
    const id = String(this.kept.length + 1);
    this.kept.push({ ...revision, id, transactionId: id, recordedAt: new Date() });
    return id;
  }

  async claim(revision: NewRevision): Promise<boolean> {
    const newest = this.kept.findLast((one) => one.outcome !== 'denied' && isSameUse(one, revision));
    const isFree = newest?.outcome !== 'success';
    if (isFree) {
      await this.record(revision);
    }
    return isFree;
  }
}

function isSameUse(one: NewRevision, other: NewRevision): boolean {
  return (
    one.action === other.action &&
    one.correlationId === other.correlationId &&
    isDeepStrictEqual(one.metadata, other.metadata)
  );
}
