/** One call of `withoutAuditing()`, and what was written in it. */
export class Suspension {
  /** False once the call is over: what it has left running is audited again. */
  active = true;
  private readonly flushed = new Map<string, number>();

  /** @param entityTypes of the entities of one flush that left no trace */
  note(entityTypes: Iterable<string>): void {
    for (const entityType of entityTypes) {
      this.flushed.set(entityType, (this.flushed.get(entityType) ?? 0) + 1);
    }
  }

  /** How many entities left no trace, by type. */
  get unaudited(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.flushed);
  }
}
