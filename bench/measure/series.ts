import type { ProgressBar } from '../report/progress-bar.js';
import type { Cost } from './cost.js';
import { type Summary, summarize } from './summary.js';

/** One of the things that are compared. */
export interface Variant {
  readonly name: string;
  /** Does the work once and says what each operation of it cost. */
  repeat(repetition: number): Promise<Readonly<Record<string, Cost>>>;
}

export interface SeriesOptions {
  /** Repeat for about so long, in milliseconds... */
  readonly budget: number;
  /** ...but at least and at most so often; the first fifth is warm-up. */
  readonly atLeast: number;
  readonly atMost: number;
  /** Repetitions before any of these, so that code which seldom runs is compiled like that which often does. */
  readonly warmUp?: number;
  /** Collect garbage before each measurement, so that nobody pays for the one before. For large work only. */
  readonly collectGarbage?: boolean;
}

const WARM_UP = 0.2;

/**
 * Interleaves the variants: every repetition runs each of them once, in another order.
 * @returns by variant and operation
 */
export async function runSeries(
  variants: readonly Variant[],
  options: SeriesOptions,
  progress: ProgressBar,
): Promise<Map<string, Map<string, Summary>>> {
  const costs = new Map(variants.map(({ name }) => [name, new Map<string, Cost[]>()]));
  for (let round = 0; round < (options.warmUp ?? 0); round++) {
    for (const variant of shuffled(variants)) {
      await variant.repeat(round);
    }
  }
  const started = performance.now();
  let repetition = 0;
  const isOver = () =>
    repetition >= options.atMost ||
    (repetition >= options.atLeast && performance.now() - started > options.budget);
  for (; !isOver(); repetition++) {
    for (const variant of shuffled(variants)) {
      if (options.collectGarbage) {
        globalThis.gc?.();
      }
      for (const [operation, cost] of Object.entries(await variant.repeat(repetition))) {
        const ofVariant = costs.get(variant.name) ?? new Map<string, Cost[]>();
        ofVariant.set(operation, [...(ofVariant.get(operation) ?? []), cost]);
        costs.set(variant.name, ofVariant);
      }
    }
    progress.update(Math.max((performance.now() - started) / options.budget, repetition / options.atMost));
  }
  return mapValues(costs, (operations) => mapValues(operations, (all) => summarize(withoutWarmUp(all))));
}

function withoutWarmUp(costs: readonly Cost[]): readonly Cost[] {
  return costs.length > 1 ? costs.slice(Math.ceil(costs.length * WARM_UP)) : costs;
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function mapValues<From, To>(map: ReadonlyMap<string, From>, to: (value: From) => To): Map<string, To> {
  return new Map([...map].map(([key, value]) => [key, to(value)]));
}
