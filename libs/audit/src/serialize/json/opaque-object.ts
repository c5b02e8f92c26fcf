import { types } from 'node:util';
import { isOrmManaged } from './orm-value.js';

/** Name of the type when instances of it have no data that could be recorded; null for all other objects. */
export function typeWithoutData(value: object): string | null {
  if (types.isRegExp(value)) {
    return 'RegExp';
  }
  if (types.isPromise(value)) {
    return 'Promise';
  }
  if (types.isWeakMap(value)) {
    return 'WeakMap';
  }
  if (types.isWeakSet(value)) {
    return 'WeakSet';
  }
  return types.isGeneratorObject(value) ? 'Generator' : null;
}

/**
 * The primitive that stands for a value object, such as a decimal, a moment or a URL: the answer of the `toJSON` of its
 * class. Null when the class has none, or when it throws or answers with an object (which may hide what is stored).
 * A `toJSON` that a plain object carries is data and is not called.
 */
export function plainForm(value: object): string | number | bigint | boolean | null {
  const prototype: unknown = Object.getPrototypeOf(value);
  const isClassInstance =
    typeof prototype === 'object' && prototype !== null && Object.getPrototypeOf(prototype) !== null;
  if (!isClassInstance || isOrmManaged(value)) {
    return null;
  }
  try {
    const toJSON: unknown = Reflect.get(prototype, 'toJSON', value);
    const answer: unknown = typeof toJSON === 'function' ? toJSON.call(value) : null;
    if (types.isPromise(answer)) {
      // Nobody waits for it: without a handler its failure would end the process.
      answer.catch(() => undefined);
    }
    return isPlainPrimitive(answer) ? answer : null;
  } catch {
    return null;
  }
}

function isPlainPrimitive(value: unknown): value is string | number | bigint | boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean'
  );
}
