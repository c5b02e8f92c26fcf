import { RowMap, type RowName } from '../../model/row-map.js';

/** Beyond it everything that was seen earlier is in doubt, which costs a read each. */
const MAX_NAMES = 10_000;

/**
 * The rows, and the ends of links, of which flushes have found changes that MikroORM does not carry into every entity:
 * several EntityManagers may each have one for a row, and hand back only what they have loaded.
 */
export class FoundChanges {
  private readonly names = new RowMap<number>();
  private count = 0;
  private total = 0;
  private forgotten = 0;

  /** Goes up with each change that is found. */
  get now(): number {
    return this.count;
  }

  note(name: RowName): void {
    if (this.total === MAX_NAMES) {
      this.names.clear();
      this.total = 0;
      this.forgotten = this.count;
    }
    this.total += this.names.has(name) ? 0 : 1;
    this.count++;
    this.names.set(name, this.count);
  }

  /** Any row may have changed. */
  noteAll(): void {
    this.count++;
    this.forgotten = this.count;
  }

  /** Whether a change may have been found since a moment. */
  hasSince(moment: number, name: () => RowName): boolean {
    return moment < this.forgotten || (moment < this.count && (this.names.get(name()) ?? 0) > moment);
  }
}
