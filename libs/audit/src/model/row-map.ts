/** Anything that names a row: the table that it is in, or the name that the trail has for its class, and its id there. */
export interface RowName {
  /** The root class of the entity, or its name in the trail. Two names of one row agree in it. */
  readonly table: unknown;
  /** The entity id in the trail. */
  readonly text: string;
}

/** A map by row. */
export class RowMap<Value> {
  private readonly byTable = new Map<unknown, Map<string, Value>>();

  constructor(entries: Iterable<readonly [RowName, Value]> = []) {
    for (const [name, value] of entries) {
      this.set(name, value);
    }
  }

  get({ table, text }: RowName): Value | undefined {
    return this.byTable.get(table)?.get(text);
  }

  has({ table, text }: RowName): boolean {
    return this.byTable.get(table)?.has(text) === true;
  }

  set({ table, text }: RowName, value: Value): this {
    let ofTable = this.byTable.get(table);
    if (!ofTable) {
      ofTable = new Map();
      this.byTable.set(table, ofTable);
    }
    ofTable.set(text, value);
    return this;
  }

  delete({ table, text }: RowName): boolean {
    return this.byTable.get(table)?.delete(text) === true;
  }

  clear(): void {
    this.byTable.clear();
  }

  get size(): number {
    let size = 0;
    for (const ofTable of this.byTable.values()) {
      size += ofTable.size;
    }
    return size;
  }

  *values(): Generator<Value> {
    for (const ofTable of this.byTable.values()) {
      yield* ofTable.values();
    }
  }
}
