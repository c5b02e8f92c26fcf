import type { OracleInput, Row, TruthRow } from './input.js';
import { keyOf, type LiveRows } from './live-rows.js';
import type { EntityModel } from './model.js';

/** The effect of one transaction on one row of an entity, from its first statement to its last. */
export interface RowThread {
  readonly transactionId: string;
  readonly firstKey: string;
  /** Other than `firstKey` when the transaction changed the key. */
  lastKey: string;
  /** Null when the row did not exist, undefined when its class is not audited. */
  readonly classBefore: EntityModel | null | undefined;
  classAfter: EntityModel | null | undefined;
  /** By table; only the tables that the transaction touched, and only those that had a row. */
  readonly before: Map<string, Row>;
  readonly after: Map<string, Row>;
  /** Deleted, and perhaps inserted again under the same key. */
  deleted: boolean;
}

interface Family {
  readonly root: string;
  readonly entities: EntityModel[];
}

/** Follows each row through the truth. Call `open` before and `close` after the live rows move forward. */
export class RowThreads {
  readonly all: RowThread[] = [];
  private readonly current = new Map<string, RowThread>();
  private readonly families = new Map<string, Family>();

  constructor(
    entities: OracleInput['entities'],
    private readonly live: LiveRows,
  ) {
    for (const entity of entities) {
      const [root] = entity.tables;
      const family = this.families.get(root) ?? { root, entities: [] };
      for (const table of [...entity.tables, ...entity.subclassTables]) {
        this.families.set(table, family);
      }
      family.entities.push(entity);
    }
  }

  /** Finds or begins the thread of the event and notes what stood there. */
  open(event: TruthRow): void {
    const family = this.families.get(event.table);
    if (!family) {
      return;
    }
    const key = this.keyBefore(event, family);
    const name = nameOf(event, family, key);
    const thread = this.current.get(name) ?? this.begin(event, family, key);
    this.current.set(name, thread);
    const isFirstTouch = !thread.before.has(event.table) && !thread.after.has(event.table);
    if (event.old !== null && isFirstTouch) {
      thread.before.set(event.table, event.old);
    }
  }

  /** Notes what stands there now. */
  close(event: TruthRow): void {
    const family = this.families.get(event.table);
    const name = family && nameOf(event, family, this.keyBefore(event, family));
    const thread = name === undefined ? undefined : this.current.get(name);
    if (!family || name === undefined || !thread) {
      return;
    }
    if (event.new === null) {
      thread.after.delete(event.table);
      thread.deleted ||= thread.classBefore !== null && event.table === family.root;
    } else {
      thread.after.set(event.table, event.new);
      thread.lastKey = this.keyOf(event.new, family);
      // The old key is free again for another row.
      this.current.delete(name);
      this.current.set(nameOf(event, family, thread.lastKey), thread);
    }
    thread.classAfter = this.live.classOf(family.entities, thread.lastKey);
  }

  private begin({ transactionId }: TruthRow, family: Family, key: string): RowThread {
    const classBefore = this.live.classOf(family.entities, key);
    const thread: RowThread = {
      transactionId,
      firstKey: key,
      lastKey: key,
      classBefore,
      classAfter: classBefore,
      before: new Map(),
      after: new Map(),
      deleted: false,
    };
    this.all.push(thread);
    return thread;
  }

  /** The key under which the thread is known: a changed key reaches the tables of subclasses by cascade, after the root. */
  private keyBefore({ table, old, new: next }: TruthRow, family: Family): string {
    const row = table === family.root ? (old ?? next) : (next ?? old);
    return this.keyOf(row ?? {}, family);
  }

  private keyOf(row: Row, family: Family): string {
    return keyOf(row, family.entities[0]?.key ?? []);
  }
}

function nameOf({ transactionId }: TruthRow, { root }: Family, key: string): string {
  return `${transactionId} ${root} ${key}`;
}
