/**
 * The value that an object itself has under a key; undefined when nothing. Keys are data here: `constructor` and `__proto__` are
 * keys like any other, and must not find what every object inherits.
 */
export function ownValue<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}
