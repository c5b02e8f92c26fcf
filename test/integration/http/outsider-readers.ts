import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { FOREIGN, HIDDEN, neededOf } from './attack-queries.js';
import { EVERYTHING } from './law-firm-app.js';

const scoped = (within: object): AuditAccess => ({
  ...EVERYTHING,
  entities: { folder: { within }, paper: { within }, contract: { within } },
});
const tenant = { metadata: { tenant: 'a' } };

/** The texts that each reader must never see. */
export const READERS: readonly (readonly [title: string, access: AuditAccess, never: readonly string[]])[] = [
  ['of one tenant', scoped(tenant), [FOREIGN]],
  ['of one tenant or another folder', scoped({ anyOf: [tenant, { metadata: { tenant: 'c' } }] }), [FOREIGN]],
  [
    'from whom values inside lists are hidden',
    {
      ...EVERYTHING,
      entities: {
        folder: { within: 'all', hidden: ['name', 'shelf'] },
        paper: { within: 'all', hidden: ['title', 'remark', 'data.rows.price', 'parties.name', 'keywords'] },
        contract: {
          within: 'all',
          hidden: ['title', 'remark', 'terms', 'data.rows.price', 'parties.name', 'keywords'],
        },
      },
    },
    [HIDDEN],
  ],
  [
    'who sees no values, and one class of a family only',
    {
      permissions: ['list', 'history', 'export'],
      entities: { paper: { within: 'all' }, folder: { within: 'all' } },
    },
    [HIDDEN, 'CANARY-CONTRACT'],
  ],
  [
    'of a class, but not of one that extends it',
    { ...EVERYTHING, entities: { paper: { within: 'all' }, folder: { within: 'all' } } },
    ['CANARY-CONTRACT'],
  ],
  [
    'from whom values of a class are hidden that it sees of the one that is extended',
    {
      ...EVERYTHING,
      entities: {
        folder: { within: 'all' },
        keyword: { within: 'all' },
        paper: { within: 'all' },
        contract: { within: 'all', hidden: ['title', 'remark', 'terms', 'data.rows.price', 'parties.name'] },
      },
    },
    ['CANARY-CONTRACT'],
  ],
];

/** Queries to try of a route with parameters of some names. */
export function queriesOf(names: readonly string[]): readonly string[] {
  const needed = neededOf(names, 3);
  const tried: Readonly<Record<string, readonly string[]>> = {
    details: ['details=true'],
    populate: ['populate=folder,folder.parent,keywords', 'populate=parent'],
    format: ['format=csv', 'format=ndjson'],
    by: ['by=action', 'by=entityType', 'by=entity'],
    partOf: ['partOf=folder:3', 'partOf=folder:1&details=true'],
    entity: ['entity=folder', 'entity=paper', 'entity=contract', 'entity=paper&id=2&id=4'],
    property: names.includes('entity') ? ['entity=paper&property=folder'] : ['property=folder'],
    order: ['order=oldest'],
  };
  return [[], ...names.flatMap((name) => tried[name] ?? [])].map((one) => {
    const own = new Set(
      [one]
        .flat()
        .join('&')
        .split('&')
        .map((pair) => pair.split('=')[0]),
    );
    return [...needed.filter((pair) => !own.has(pair.split('=')[0])), ...[one].flat()].join('&');
  });
}
