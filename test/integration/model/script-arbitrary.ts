import fc, { type Arbitrary } from 'fast-check';
import { catalog, typeNames } from './catalog.js';
import { native, nativeLinks } from './native-arbitrary.js';
import { type Block, type Script, type Step, TENANTS, type TypeName } from './script.js';
import { anyId, by, changeable, valuesOf } from './script-values.js';
import { change, create, move, recreatable, recreate, relate, remove, unique } from './write-arbitrary.js';

const types = fc.constantFrom(...typeNames);
const related = typeNames.filter((type) => catalog[type].collections !== undefined);
/** Rows of joined tables are not. */
const recordedByTriggers = typeNames.filter((type) => type !== 'Car' && type !== 'Truck');

const act: Arbitrary<Step> = fc.record({
  do: fc.constant('act' as const),
  by,
  actor: fc.constantFrom('anna', 'boris', null),
});

const serve: Arbitrary<Step> = fc.record({
  do: fc.constant('serve' as const),
  by,
  tenant: fc.constantFrom(...TENANTS),
});

/** Steps that make sense only with such a model. */
interface StepKinds {
  readonly hasTriggers?: boolean;
  readonly hasTenants?: boolean;
}

/** Steps short enough for many runs; what matters are combinations of few of them. */
export function scripts(maxLength: number, kinds: StepKinds = {}): Arbitrary<Script> {
  return fc.array(steps(2, kinds), { minLength: 1, maxLength, size: 'max' });
}

function steps(depth: number, kinds: StepKinds): Arbitrary<Step> {
  const weighted = [
    ...(kinds.hasTriggers
      ? [
          { weight: 8, arbitrary: fc.constantFrom(...recordedByTriggers).chain(native) },
          { weight: 2, arbitrary: fc.constantFrom(...related).chain(nativeLinks) },
        ]
      : []),
    ...(kinds.hasTenants
      ? [
          { weight: 4, arbitrary: serve },
          { weight: 3, arbitrary: types.chain(inBoth) },
        ]
      : []),
    { weight: 4, arbitrary: types.chain(create) },
    { weight: 9, arbitrary: types.chain(change) },
    { weight: 3, arbitrary: types.chain(remove) },
    { weight: 1, arbitrary: fc.constantFrom(...recreatable).chain(recreate) },
    { weight: 2, arbitrary: fc.constantFrom(...unique).chain(move) },
    { weight: 5, arbitrary: fc.constantFrom(...related).chain(relate) },
    { weight: 5, arbitrary: control('flush') },
    { weight: 2, arbitrary: control('begin', 'commit', 'rollback', 'clear', 'fork', 'flush twice') },
    { weight: 2, arbitrary: act },
    { weight: 1, arbitrary: fc.constant({ do: 'together', by: [0, 1] } as const) },
    ...(depth === 0
      ? []
      : [
          { weight: 4, arbitrary: block(depth, kinds) },
          { weight: 2, arbitrary: types.chain((type) => contest(type, depth, kinds)) },
        ]),
  ];
  return fc.oneof(...(weighted as { weight: number; arbitrary: Arbitrary<Step> }[]));
}

function control<Kind extends 'flush' | 'begin' | 'commit' | 'rollback' | 'clear' | 'fork' | 'flush twice'>(
  ...kinds: readonly Kind[]
): Arbitrary<Step> {
  return fc.record({ do: fc.constantFrom(...kinds), by }) as Arbitrary<Step>;
}

function block(depth: number, kinds: StepKinds): Arbitrary<Block> {
  const base = {
    do: fc.constant('block' as const),
    by,
    kind: fc.constantFrom(
      'nested' as const,
      'nested' as const,
      'nested' as const,
      'required' as const,
      'requires new' as const,
      'fork' as const,
      'hand made' as const,
    ),
    end: fc.constantFrom('commit' as const, 'commit' as const, 'throw' as const),
    steps: fc.array(steps(depth - 1, kinds), { minLength: 1, maxLength: 4, size: 'max' }),
  };
  return fc.oneof(
    { weight: 3, arbitrary: fc.record(base) },
    {
      weight: 1,
      arbitrary: fc.record({
        ...base,
        kind: fc.constantFrom('nested' as const, 'required' as const),
        isSerializable: fc.constant(true as const),
      }),
    },
  );
}

/** A SERIALIZABLE transaction that loads a row which somebody else changes before it does. */
function contest(type: TypeName, depth: number, kinds: StepKinds): Arbitrary<Block> {
  const set = valuesOf(type, changeable(type), []);
  return fc
    .record({
      id: fc.constantFrom(...catalog[type].ids),
      mine: set,
      other: set,
      before: fc.array(steps(depth - 1, kinds), { maxLength: 1 }),
      after: fc.array(steps(depth - 1, kinds), { maxLength: 2 }),
    })
    .map(({ id, mine, other, before, after }) => ({
      do: 'block',
      by: 0,
      kind: 'nested',
      end: 'commit',
      isSerializable: true,
      steps: [
        ...before,
        { do: 'change', by: 0, type, id, how: 'load', set: mine },
        { do: 'change', by: 1, type, id, how: 'load', set: other },
        { do: 'flush', by: 1 },
        ...after,
      ],
    }));
}

/** The same to the rows that tenants have under one key, in one transaction. */
function inBoth(type: TypeName): Arbitrary<Block> {
  const set = valuesOf(type, changeable(type), []);
  return fc
    .record({
      by,
      id: anyId(type),
      sets: fc.tuple(set, set),
      isRemoved: fc.tuple(fc.boolean(), fc.boolean()),
      isFlushed: fc.boolean(),
    })
    .map(({ by: one, id, sets, isRemoved, isFlushed }) => ({
      do: 'block',
      by: one,
      kind: 'nested',
      end: 'commit',
      steps: TENANTS.flatMap((tenant, i): readonly Step[] => [
        { do: 'serve', by: one, tenant },
        isRemoved[i]
          ? { do: 'remove', by: one, type, id, how: 'load' }
          : { do: 'change', by: one, type, id, how: 'load', set: sets[i] ?? {} },
        ...(isFlushed ? [{ do: 'flush', by: one } as const] : []),
      ]),
    }));
}
