/** A text that PostgreSQL takes for the place of an item in an array. */
const PLACE = /^\s*[+-]?\d+$/;

/** Whether a name of a path can be the place of an item in a list. */
export function isItemPlace(name: string): boolean {
  return PLACE.test(name);
}
