import type { AuditAccess } from 'nestjs-mikro-audit/http';

/** An access policy says what of each entity is seen. */
export const accesses: readonly AuditAccess[] = [
  {
    permissions: ['list'],
    entities: { '*': { within: 'all' }, book: { within: { metadata: { tenant: 7 } } } },
  },
  // @ts-expect-error everything is said
  { permissions: ['list'], entities: { book: {} } },
  // @ts-expect-error everything is said, whatever else is
  { permissions: ['list'], entities: { '*': { permissions: [], hidden: [] } } },
  // @ts-expect-error by no other word
  { permissions: ['list'], entities: { book: { within: 'everything' } } },
  // @ts-expect-error nor by one without a value
  { permissions: ['list'], entities: { book: { within: undefined } } },
];
