import type { ValueCase } from './value-case.js';

export const searchVectorCases: readonly ValueCase[] = [
  {
    // MikroORM makes SQL of it: to_tsvector('simple', ?), also of what it has loaded.
    name: 'SearchVector',
    property: { type: 'string', columnType: 'tsvector' },
    first: () => 'a fat cat',
    second: () => 'dog ant',
    stored: [`'a':1 'cat':3 'fat':2`, `'ant':2 'dog':1`],
    readsBack: true,
    readsBefore: true,
  },
];
