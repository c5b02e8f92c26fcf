import fc, { type Arbitrary } from 'fast-check';
import { catalog, typeNames } from './catalog.js';
import {
  type Block,
  type Id,
  NATIVE_WAYS,
  type Script,
  type Step,
  TENANTS,
  type TypeName,
  type Values,
} from './script.js';

const by = fc.constantFrom(0, 0, 0, 1);
const types = fc.constantFrom(...typeNames);
const related = typeNames.filter((type) => catalog[type].collections !== undefined);
/** Classes whose rows can be put back without values of other rows. */
const recreatable: readonly TypeName[] = [
  'Skill',
  'Person',
  'Song',
  'Playlist',
  'Car',
  'Laptop',
  'Country',
  'Account',
];

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

const unique = [
  ['Skill', 'name'],
  ['Person', 'email'],
  ['Badge', 'person'],
] as const;

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

function create(type: TypeName): Arbitrary<Step> {
  const { optional = [], values } = catalog[type];
  const required = Object.keys(values).filter((name) => !optional.includes(name));
  return fc.record({
    do: fc.constant('create' as const),
    by,
    type: fc.constant(type),
    set: valuesOf(type, Object.keys(values), required),
  });
}

function change(type: TypeName): Arbitrary<Step> {
  const set = valuesOf(type, changeable(type), []);
  const base = { do: fc.constant('change' as const), by, type: fc.constant(type), set };
  const changes = [
    { how: fc.constantFrom('load' as const, 'partial' as const), id: anyId(type), weight: 3 },
    { how: fc.constant('reference' as const), id: baseId(type), weight: 1 },
  ].map(({ how, id, weight }) => ({ weight, arbitrary: fc.record({ ...base, how, id }) }));
  const claims = fc.record({
    ...base,
    how: fc.constantFrom('merge' as const, 'detached' as const),
    id: baseId(type),
    claim: set,
  });
  return fc.oneof(...changes, { weight: 1, arbitrary: claims });
}

function remove(type: TypeName): Arbitrary<Step> {
  const base = { do: fc.constant('remove' as const), by, type: fc.constant(type) };
  return fc.oneof(
    fc.record({ ...base, how: fc.constantFrom('load' as const, 'partial' as const), id: anyId(type) }),
    fc.record({ ...base, how: fc.constant('reference' as const), id: baseId(type) }),
  );
}

function recreate(type: TypeName): Arbitrary<Step> {
  const { optional = [], values, references = {} } = catalog[type];
  const names = Object.keys(values).filter((name) => !(name in references) && name !== 'code');
  return fc.record({
    do: fc.constant('recreate' as const),
    by,
    type: fc.constant(type),
    id: anyId(type),
    set: valuesOf(
      type,
      names,
      names.filter((name) => !optional.includes(name)),
    ),
  });
}

function move([type, property]: (typeof unique)[number]): Arbitrary<Step> {
  const [from, to] = [anyId(type), anyId(type)];
  const spare = fc.constantFrom(...(catalog[type].values[property] ?? []));
  return fc.record({
    do: fc.constant('move' as const),
    by,
    type: fc.constant(type),
    property: fc.constant(property),
    from,
    to,
    spare,
  });
}

function relate(type: TypeName): Arbitrary<Step> {
  const collections = Object.entries(catalog[type].collections ?? {});
  return fc.constantFrom(...collections).chain(([links, target]) =>
    fc.record({
      do: fc.constant('relate' as const),
      by,
      type: fc.constant(type),
      id: anyId(type),
      links: fc.constant(links),
      action: fc.constantFrom(
        'add' as const,
        'add' as const,
        'remove' as const,
        'set' as const,
        'removeAll' as const,
      ),
      members: fc.uniqueArray(baseId(target), { minLength: 1, maxLength: 3, selector: String }),
      loaded: fc.boolean(),
    }),
  );
}

function native(type: TypeName): Arbitrary<Step> {
  const { ids, laterIds, values, optional = [], keyProperties = [] } = catalog[type];
  const id = fc.constantFrom(...ids, ...laterIds);
  const base = { do: fc.constant('native' as const), by, type: fc.constant(type), id };
  const names = Object.keys(values).filter((name) => !keyProperties.includes(name));
  const isInsert = (how: string) => how === 'insert' || how === 'insert many' || how === 'upsert';
  return fc.constantFrom(...NATIVE_WAYS).chain((how) =>
    fc.record({
      ...base,
      how: fc.constant(how),
      set: plainValues(
        type,
        names,
        isInsert(how) ? names.filter((name) => !optional.includes(name)) : names.slice(0, 1),
      ),
    }),
  );
}

/** Without what the unit of work has made. */
function plainValues(
  type: TypeName,
  names: readonly string[],
  required: readonly string[],
): Arbitrary<Values> {
  const { values } = catalog[type];
  const model = Object.fromEntries(
    names.map((name) => [name, fc.constantFrom(...(values[name] ?? []).filter((value) => value !== 'new'))]),
  );
  return fc.record(model, { requiredKeys: [...required] }) as Arbitrary<Values>;
}

function nativeLinks(type: TypeName): Arbitrary<Step> {
  const collections = Object.entries(catalog[type].collections ?? {});
  return fc.constantFrom(...collections).chain(([links, target]) =>
    fc.record({
      do: fc.constant('native links' as const),
      by,
      type: fc.constant(type),
      id: fc.constantFrom(...catalog[type].ids),
      links: fc.constant(links),
      member: fc.constantFrom(...catalog[target].ids),
      action: fc.constantFrom('add' as const, 'remove' as const),
    }),
  );
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

function anyId(type: TypeName): Arbitrary<Id> {
  const { ids, laterIds } = catalog[type];
  return fc.constantFrom(...ids, ...ids, ...laterIds, 'new' as const);
}

/** A reference to a row that the same flush is about to number is nonsense, so references stay with what was there. */
function baseId(type: TypeName): Arbitrary<Id> {
  return fc.constantFrom(...catalog[type].ids, 'new' as const);
}

function changeable(type: TypeName): readonly string[] {
  const { values, keyProperties = [] } = catalog[type];
  return Object.keys(values).filter((name) => !keyProperties.includes(name));
}

function valuesOf(type: TypeName, names: readonly string[], required: readonly string[]): Arbitrary<Values> {
  const { values } = catalog[type];
  const model = Object.fromEntries(names.map((name) => [name, fc.constantFrom(...(values[name] ?? []))]));
  return fc.record(model, { requiredKeys: [...required] }) as Arbitrary<Values>;
}
