import fc, { type Arbitrary } from 'fast-check';
import { catalog } from './catalog.js';
import { NATIVE_WAYS, type Step, type TypeName, type Values } from './script.js';
import { by } from './script-values.js';

export function native(type: TypeName): Arbitrary<Step> {
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

export function nativeLinks(type: TypeName): Arbitrary<Step> {
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
