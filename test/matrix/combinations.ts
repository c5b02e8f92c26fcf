/** One app of a user: versions, tools and how its entity is written. */
export interface Combination {
  /** Exact versions: registries have holes, and packages of MikroORM want each other's exactly. */
  readonly nest: string;
  readonly mikroOrm: string;
  readonly node: '22' | '24';
  readonly modules: 'ESM' | 'CommonJS';
  readonly http: 'Express 5' | 'Fastify 5';
  readonly entity: 'legacy decorators' | 'ES decorators' | 'TsMorph' | 'defineEntity';
  readonly tool: 'tsc' | 'swc' | 'ts-jest' | 'Vitest';
}

const LATEST = { nest: '12.5.0', mikroOrm: '7.2.1', node: '24', modules: 'ESM', http: 'Express 5' } as const;
const OLD = {
  nest: '11.2.8',
  mikroOrm: '7.1.15',
  node: '22',
  modules: 'CommonJS',
  http: 'Express 5',
} as const;
const OLDEST = { ...OLD, nest: '11.0.5', mikroOrm: '7.1.7' } as const;

/** The app of most users of Nest 11; `npm test` runs it. */
export const USUAL_NEST_11: Combination = { ...OLD, node: '24', entity: 'legacy decorators', tool: 'tsc' };

/** Every value of every column at least once, and the pairs that can hurt each other. */
export const COMBINATIONS: readonly Combination[] = [
  { ...LATEST, entity: 'legacy decorators', tool: 'tsc' },
  { ...LATEST, entity: 'defineEntity', tool: 'Vitest' },
  { ...LATEST, entity: 'TsMorph', tool: 'tsc', http: 'Fastify 5' },
  { ...LATEST, entity: 'ES decorators', tool: 'swc', node: '22' },
  { ...LATEST, entity: 'legacy decorators', tool: 'ts-jest' },
  { ...LATEST, entity: 'legacy decorators', tool: 'swc', modules: 'CommonJS', http: 'Fastify 5' },
  { ...LATEST, nest: '12.0.1', mikroOrm: '7.1.15', entity: 'defineEntity', tool: 'tsc', node: '22' },
  { ...OLDEST, entity: 'legacy decorators', tool: 'tsc' },
  { ...OLDEST, entity: 'defineEntity', tool: 'swc', modules: 'ESM', http: 'Fastify 5' },
  USUAL_NEST_11,
  { ...OLD, entity: 'TsMorph', tool: 'tsc', mikroOrm: '7.2.1', http: 'Fastify 5' },
  { ...OLD, entity: 'ES decorators', tool: 'swc' },
  { ...OLD, entity: 'legacy decorators', tool: 'Vitest', modules: 'ESM' },
];

export function describeCombination(of: Combination): string {
  return `Nest ${of.nest}, MikroORM ${of.mikroOrm}, ${of.http}, Node ${of.node}, ${of.modules}, ${of.tool}, ${of.entity}`;
}
