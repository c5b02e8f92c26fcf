import { expect, it } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { verbOf } from '../../support/statement-log.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { arrayCases } from './array-cases.js';
import { customCases } from './custom-cases.js';
import { jsonCases } from './json-cases.js';
import { scalarCases } from './scalar-cases.js';
import type { ValueCase } from './value-case.js';

const cases = [...scalarCases, ...jsonCases, ...arrayCases, ...customCases].filter(
  ({ readsBack }) => readsBack !== true,
);
const [Ordinary, Derived] = [cases, scalarCases].map(
  (columns, index) =>
    new EntitySchema<Record<string, unknown>>({
      name: index === 0 ? 'Ordinary' : 'Derived',
      properties: {
        id: { type: 'integer', primary: true },
        ...Object.fromEntries(
          columns.map(({ name, property }) => [
            name,
            {
              nullable: true,
              ...property,
              ...('nativeEnumName' in property ? { nativeEnumName: `${index}_${name}` } : {}),
            },
          ]),
        ),
      } as never,
    }),
) as [EntitySchema<Record<string, unknown>>, EntitySchema<Record<string, unknown>>];

const audited = useAuditedApp({
  entities: [Ordinary as never, Derived as never],
  options: { policies: [auditPolicy(Ordinary as never), auditPolicy(Derived as never)] },
  clear: false,
});

function valuesOf(columns: readonly ValueCase[], which: 'first' | 'second'): Record<string, unknown> {
  return Object.fromEntries(columns.map((one) => [one.name, one[which]()]));
}

/** Statements of a create, an update and a delete of three rows each. */
async function countStatements(entity: EntitySchema<Record<string, unknown>>, columns: readonly ValueCase[]) {
  const em = audited.orm.em.fork();
  const rows = [1, 2, 3].map(() => em.create(entity, valuesOf(columns, 'first') as never));
  audited.statements.take();
  await em.flush();
  const create = audited.statements.take();
  for (const row of rows) {
    Object.assign(row, valuesOf(columns, 'second'));
  }
  await em.flush();
  const update = audited.statements.take();
  for (const row of rows) {
    em.remove(row);
  }
  await em.flush();
  const remove = audited.statements.take();
  await audited.oracle.verify();
  return [create, update, remove].map((statements) => statements.map(verbOf));
}

it('an entity of all ordinary types costs one statement more and no read', async () => {
  expect(cases.length).toBeGreaterThan(50);
  expect(await countStatements(Ordinary, cases)).toEqual([
    ['begin', 'insert', 'audit', 'commit'],
    ['begin', 'update', 'audit', 'commit'],
    ['begin', 'delete', 'audit', 'commit'],
  ]);
});

it('types whose stored form only the database knows cost one read per table and flush', async () => {
  expect(await countStatements(Derived, scalarCases)).toEqual([
    ['begin', 'insert', 'select', 'audit', 'commit'],
    ['begin', 'update', 'select', 'audit', 'commit'],
    ['begin', 'delete', 'audit', 'commit'],
  ]);
});
