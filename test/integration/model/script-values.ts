import fc, { type Arbitrary } from 'fast-check';
import { catalog } from './catalog.js';
import type { Id, TypeName, Values } from './script.js';

/** Which worker does a step. */
export const by: Arbitrary<number> = fc.constantFrom(0, 0, 0, 1);

export function anyId(type: TypeName): Arbitrary<Id> {
  const { ids, laterIds } = catalog[type];
  return fc.constantFrom(...ids, ...ids, ...laterIds, 'new' as const);
}

/** A reference to a row that the same flush is about to number is nonsense, so references stay with what was there. */
export function baseId(type: TypeName): Arbitrary<Id> {
  return fc.constantFrom(...catalog[type].ids, 'new' as const);
}

export function changeable(type: TypeName): readonly string[] {
  const { values, keyProperties = [] } = catalog[type];
  return Object.keys(values).filter((name) => !keyProperties.includes(name));
}

export function valuesOf(
  type: TypeName,
  names: readonly string[],
  required: readonly string[],
): Arbitrary<Values> {
  const { values } = catalog[type];
  const model = Object.fromEntries(names.map((name) => [name, fc.constantFrom(...(values[name] ?? []))]));
  return fc.record(model, { requiredKeys: [...required] }) as Arbitrary<Values>;
}
