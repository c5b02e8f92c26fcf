/** Have a schema each, where a model has tenants; workers begin with the first. */
export const TENANTS = ['acme', 'zeta'] as const;

/** The key of a row; `new` is the entity of that class that the worker created last. */
export type Id = number | string | readonly [number, number];

export type TypeName =
  | 'Skill'
  | 'Person'
  | 'Badge'
  | 'Song'
  | 'Playlist'
  | 'Car'
  | 'Truck'
  | 'Laptop'
  | 'Desk'
  | 'Team'
  | 'Membership'
  | 'MembershipNote'
  | 'Country'
  | 'Shelf'
  | 'Box'
  | 'Item'
  | 'ShelfLabel'
  | 'Hook'
  | 'Account';

/** Scalars, or the ids of what a to-one relation refers to. */
export type Values = Readonly<Record<string, Id | null>>;

/** How an entity gets into the unit of work before it is changed. */
export type Access = 'load' | 'partial' | 'reference' | 'merge' | 'detached';

interface OfWorker {
  /** Each worker has an EntityManager and transactions of its own. */
  readonly by: number;
}

export interface Create extends OfWorker {
  readonly do: 'create';
  readonly type: TypeName;
  readonly set: Values;
}

export interface Change extends OfWorker {
  readonly do: 'change';
  readonly type: TypeName;
  readonly id: Id;
  readonly how: Access;
  readonly set: Values;
  /** The row as `merge` and `detached` claim it to be. */
  readonly claim?: Values;
}

export interface Remove extends OfWorker {
  readonly do: 'remove';
  readonly type: TypeName;
  readonly id: Id;
  readonly how: Access;
}

/** Removes a row and inserts another one under its key. */
export interface Recreate extends OfWorker {
  readonly do: 'recreate';
  readonly type: TypeName;
  readonly id: Id;
  readonly set: Values;
}

/** Gives the unique value of one row to another one, in one flush; a true swap is beyond MikroORM. */
export interface Move extends OfWorker {
  readonly do: 'move';
  readonly type: TypeName;
  readonly property: string;
  readonly from: Id;
  readonly to: Id;
  /** The value that the first row gets instead. */
  readonly spare: Id | null;
}

export interface Relate extends OfWorker {
  readonly do: 'relate';
  readonly type: TypeName;
  readonly id: Id;
  readonly links: string;
  readonly action: 'add' | 'remove' | 'set' | 'removeAll';
  readonly members: readonly Id[];
  /** Whether the collection is loaded first. */
  readonly loaded: boolean;
}

export const NATIVE_WAYS = [
  'update',
  'delete',
  'insert',
  'insert many',
  'upsert',
  'builder',
  'raw update',
  'raw delete',
  'kysely',
  'stranger',
] as const;

/** Writes past the unit of work. */
export interface Native extends OfWorker {
  readonly do: 'native';
  readonly how: (typeof NATIVE_WAYS)[number];
  readonly type: TypeName;
  readonly id: Id;
  readonly set: Values;
}

/** Writes a link past the unit of work. */
export interface NativeLinks extends OfWorker {
  readonly do: 'native links';
  readonly type: TypeName;
  readonly id: Id;
  readonly links: string;
  readonly member: Id;
  readonly action: 'add' | 'remove';
}

export interface Control extends OfWorker {
  readonly do: 'flush' | 'flush twice' | 'clear' | 'fork' | 'begin' | 'commit' | 'rollback';
}

/** From now on the worker acts for somebody, until it says otherwise, also in the middle of a transaction. */
interface Act extends OfWorker {
  readonly do: 'act';
  /** Null for nobody who is known. */
  readonly actor: string | null;
}

/** From now on the worker works in the schema of a tenant; its EntityManager stays, with what it has of others. */
interface Serve extends OfWorker {
  readonly do: 'serve';
  readonly tenant: (typeof TENANTS)[number];
}

/** Two workers flush at the same time. */
interface Together {
  readonly do: 'together';
  readonly by: readonly [number, number];
}

type BlockKind = 'nested' | 'required' | 'requires new' | 'fork' | 'hand made';

/** Steps in a callback; those of the same worker use its EntityManager. */
export interface Block extends OfWorker {
  readonly do: 'block';
  readonly kind: BlockKind;
  readonly end: 'commit' | 'throw';
  /** Where a nested or required one begins a transaction: SERIALIZABLE, and repeated after a conflict. */
  readonly isSerializable?: true;
  readonly steps: Script;
}

export type Step =
  | Create
  | Change
  | Remove
  | Recreate
  | Move
  | Relate
  | Native
  | NativeLinks
  | Control
  | Act
  | Serve
  | Together
  | Block;

/** A run as plain data. */
export type Script = readonly Step[];

/** Readable, and a literal to paste into a test. */
export function printScript(script: Script, indent = '  '): string {
  const lines = script.map((step) => {
    if (step.do !== 'block') {
      return `${indent}${JSON.stringify(step)},`;
    }
    const { steps, ...rest } = step;
    const head = JSON.stringify(rest).slice(0, -1);
    return `${indent}${head},"steps":[\n${printScript(steps, `${indent}  `)}\n${indent}]},`;
  });
  return lines.join('\n');
}

/** Whether each flush of some transaction writes on its own, because MikroORM tells nobody when it ends. */
export function hasHandMade(script: Script): boolean {
  return script.some((step) => step.do === 'block' && (step.kind === 'hand made' || hasHandMade(step.steps)));
}

/** Whether something is written past the unit of work. */
export function hasNative(script: Script): boolean {
  return script.some(
    (step) =>
      step.do === 'native' || step.do === 'native links' || (step.do === 'block' && hasNative(step.steps)),
  );
}
