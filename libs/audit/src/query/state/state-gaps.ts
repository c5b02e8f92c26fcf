import type { StateGap } from '../../model/state-gap.js';

/** The key under which `gapsOf` finds the gaps of a state; it is neither listed nor part of its JSON. */
const GAPS = Symbol('gaps');

/**
 * Everything that the trail does not know of a state of `asOf`: properties that are left out of it because no change tells them, and
 * writes of something unaudited that a later change has found. Looked up relations are asked for on their own.
 * @returns nothing when all of it is recorded
 */
export function gapsOf(state: object): readonly StateGap[] {
  return (Reflect.get(state, GAPS) as readonly StateGap[] | undefined) ?? [];
}

export function withGaps(plain: object, gaps: readonly StateGap[]): object {
  return gaps.length > 0 ? Object.defineProperty(plain, GAPS, { value: gaps }) : plain;
}

/** Of a path, also of one inside JSON; undefined when there are none, so that nothing is shown. */
export function gapsAt(gaps: readonly StateGap[], path: string): { readonly gaps?: readonly StateGap[] } {
  const found = gaps.filter((gap) => path === gap.path || path.startsWith(`${gap.path}.`));
  return found.length > 0 ? { gaps: found } : {};
}
