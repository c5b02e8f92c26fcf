import fc, { type Arbitrary } from 'fast-check';
import { catalog } from './catalog.js';
import type { Step, TypeName } from './script.js';
import { anyId, baseId, by, changeable, valuesOf } from './script-values.js';

/** Classes whose rows can be put back without values of other rows. */
export const recreatable: readonly TypeName[] = [
  'Skill',
  'Person',
  'Song',
  'Playlist',
  'Car',
  'Laptop',
  'Country',
  'Account',
];

/** Relations of which one row gives its value to another. */
export const unique = [
  ['Skill', 'name'],
  ['Person', 'email'],
  ['Badge', 'person'],
] as const;

export function create(type: TypeName): Arbitrary<Step> {
  const { optional = [], values } = catalog[type];
  const required = Object.keys(values).filter((name) => !optional.includes(name));
  return fc.record({
    do: fc.constant('create' as const),
    by,
    type: fc.constant(type),
    set: valuesOf(type, Object.keys(values), required),
  });
}

export function change(type: TypeName): Arbitrary<Step> {
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

export function remove(type: TypeName): Arbitrary<Step> {
  const base = { do: fc.constant('remove' as const), by, type: fc.constant(type) };
  return fc.oneof(
    fc.record({ ...base, how: fc.constantFrom('load' as const, 'partial' as const), id: anyId(type) }),
    fc.record({ ...base, how: fc.constant('reference' as const), id: baseId(type) }),
  );
}

export function recreate(type: TypeName): Arbitrary<Step> {
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

export function move([type, property]: (typeof unique)[number]): Arbitrary<Step> {
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

export function relate(type: TypeName): Arbitrary<Step> {
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
