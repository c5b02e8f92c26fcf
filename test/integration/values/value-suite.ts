import { afterAll, describe, expect, it } from '@jest/globals';
import type { EntityManager, EntitySchema } from '@mikro-orm/postgresql';
import { auditPolicy, type JsonValue } from 'nestjs-mikro-audit';
import type { TestEntity } from '../../support/test-entity.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { changesOf } from './trail-values.js';
import { entityOf, type ValueCase, type ValueRow } from './value-case.js';

type ValueEntity = EntitySchema<ValueRow>;

// begin, insert or update, audit, commit.
const STATEMENTS = 4;

/** Properties that hold for every type. Each test has a table of its own, so that nothing need be emptied between them. */
export function describeValues(cases: readonly ValueCase[]): void {
  const tables = cases.map((valueCase) => ({
    valueCase,
    plain: entityOf(valueCase),
    exact: entityOf(valueCase, 'Exact'),
    batch: entityOf(valueCase, 'Batch'),
    merged: entityOf(valueCase, 'Merged'),
  }));
  const plain = tables.flatMap((table) => [table.plain, table.batch, table.merged]);
  const exact = tables.map((table) => table.exact);
  const audited = useAuditedApp({
    entities: [...plain, ...exact] as unknown as TestEntity[],
    options: {
      policies: [
        ...plain.map((entity) => auditPolicy(entity as never)),
        ...exact.map((entity) => auditPolicy(entity as never, { exact: true })),
      ],
    },
    clear: false,
    // Once for each value, see below: there are up to two hundred tables.
    verify: false,
  });
  const fork = (): EntityManager => audited.orm.em.fork();

  /** Loads the row in an EntityManager of its own, changes it and flushes. */
  async function change(
    entity: ValueEntity,
    id: number,
    work: (row: ValueRow, em: EntityManager) => void,
  ): Promise<void> {
    const em = fork();
    work(await em.findOneOrFail(entity, id), em);
    await em.flush();
  }

  const load = async (entity: ValueEntity, id: number): Promise<unknown> =>
    (await fork().findOneOrFail(entity, id)).value;

  /** Everything that can happen to a value; returns it as loaded, and the statements of the create and of an update. */
  async function live(entity: ValueEntity, { first, second, equal = first }: ValueCase) {
    const em = fork();
    const row = em.create(entity, { value: first() });
    audited.statements.take();
    await em.flush();
    const create = audited.statements.take().length;
    const firstLoaded = await load(entity, row.id);
    row.value = second();
    audited.statements.take();
    await em.flush();
    const update = audited.statements.take().length;
    const secondLoaded = await load(entity, row.id);
    await change(entity, row.id, (one) => {
      one.value = null;
    });
    await change(entity, row.id, (one) => {
      one.value = first();
    });
    await change(entity, row.id, () => undefined);
    await change(entity, row.id, (one) => {
      one.value = equal();
    });
    await change(entity, row.id, (one) => {
      one.value = second();
    });
    await change(entity, row.id, (one, manager) => {
      manager.remove(one);
    });
    return { firstLoaded, secondLoaded, create, update };
  }

  describe.each(tables)('$valueCase.name', ({ valueCase, plain, exact, batch, merged }) => {
    afterAll(() => audited.oracle.verify());

    it(`is in the trail as stored and decoded as the entity has it${valueCase.readsBack ? ', at the cost of a read' : ''}`, async () => {
      const { firstLoaded, secondLoaded, create, update } = await live(plain, valueCase);
      expect(await changesOf(audited, plain.meta.className)).toEqual(lived(valueCase.stored));
      const { items } = await audited.reader.history(plain.meta.class, 1);
      expect(items.toReversed().map(({ after }) => after?.value)).toEqual([
        firstLoaded,
        secondLoaded,
        null,
        firstLoaded,
        secondLoaded,
        undefined,
      ]);
      expect(items[0]?.before).toEqual({ id: 1, value: secondLoaded });
      const reads = valueCase.readsBack ? 1 : 0;
      expect({ create, update }).toEqual({
        create: STATEMENTS + reads,
        update: STATEMENTS + reads + (valueCase.readsBefore ? 1 : 0),
      });
    });

    it('is the same when rows are read', async () => {
      await live(exact, valueCase);
      expect(await changesOf(audited, exact.meta.className)).toEqual(lived(valueCase.stored));
    });

    it('is the stored one in several flushes of one transaction', async () => {
      await fork().transactional(async (em) => {
        const row = em.create(merged, { value: valueCase.first() });
        const other = em.create(merged, { value: valueCase.second() });
        await em.flush();
        row.value = valueCase.second();
        other.value = null;
        await em.flush();
        row.value = (valueCase.equal ?? valueCase.first)();
      });
      await fork().transactional(async (em) => {
        const row = await em.findOneOrFail(merged, 1);
        row.value = valueCase.second();
        await em.flush();
        row.value = valueCase.first();
      });
      expect(await changesOf(audited, merged.meta.className)).toEqual([
        ['create', null, { id: 1, value: valueCase.stored[0] }],
        ['create', null, { id: 2, value: null }],
      ]);
    });

    it('is known in a batch, and to the EntityManager that created it', async () => {
      const em = fork();
      const values = [valueCase.first, () => null, valueCase.second];
      const rows = values.map((value) => em.create(batch, { value: value() }));
      await em.flush();
      rows.forEach((row, index) => {
        row.value = values[(index + 1) % values.length]?.();
      });
      await em.flush();
      em.remove(rows[0] as ValueRow);
      em.remove(rows[1] as ValueRow);
      await em.flush();
      const [first, second] = valueCase.stored;
      const changes = await changesOf(audited, batch.meta.className);
      expect(changes.slice(0, 6)).toEqual([
        ['create', null, { id: 1, value: first }],
        ['create', null, { id: 2, value: null }],
        ['create', null, { id: 3, value: second }],
        ['update', { value: first }, { value: null }],
        ['update', { value: null }, { value: second }],
        ['update', { value: second }, { value: first }],
      ]);
      expect(changes.slice(6).map(([, before]) => before)).toEqual(
        expect.arrayContaining([
          { id: 1, value: null },
          { id: 2, value: second },
        ]),
      );
    });
  });
}

/** The expected trail after `live`. */
function lived([first, second]: readonly [JsonValue, JsonValue]): unknown[] {
  return [
    ['create', null, { id: 1, value: first }],
    ['update', { value: first }, { value: second }],
    ['update', { value: second }, { value: null }],
    ['update', { value: null }, { value: first }],
    ['update', { value: first }, { value: second }],
    ['delete', { id: 1, value: second }, null],
  ];
}
