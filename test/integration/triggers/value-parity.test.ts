import { describe, expect, it } from '@jest/globals';
import { raw } from '@mikro-orm/postgresql';
import { auditPolicy } from 'nestjs-mikro-audit';
import type { TestEntity } from '../../support/test-entity.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { arrayCases } from '../values/array-cases.js';
import { customCases } from '../values/custom-cases.js';
import { jsonCases } from '../values/json-cases.js';
import { numberCases } from '../values/number-cases.js';
import { scalarCases } from '../values/scalar-cases.js';
import { searchVectorCases } from '../values/search-vector-cases.js';
import { changesOf } from '../values/trail-values.js';
import { entityOf, type ValueCase } from '../values/value-case.js';
import { type LiteralCase, literalCases } from './literal-cases.js';
import { changesSeen, KeptRows } from './value-statements.js';

interface ParityCase extends Pick<ValueCase, 'name' | 'property'> {
  readonly exact: boolean;
  /** Values of the property, one after the other. */
  readonly steps: readonly (() => unknown)[];
}

const sent = (one: ValueCase): ParityCase => ({
  ...one,
  exact: false,
  steps: [one.first, one.second, () => null, one.first, one.equal ?? one.first, one.second],
});
const written = ({ name, property, literals }: LiteralCase): ParityCase => ({
  name,
  property,
  exact: true,
  steps: [() => null, ...[...literals, 'null', ...literals].map((literal) => () => raw(literal))],
});

const cases = [
  ...[...numberCases, ...scalarCases, ...arrayCases, ...customCases, ...jsonCases, ...searchVectorCases].map(
    sent,
  ),
  ...literalCases.map(written),
].map((one) => ({ one, entity: entityOf(one as unknown as ValueCase) }));
const policies = cases.map(({ one, entity }) => auditPolicy(entity as never, { exact: one.exact }));

const audited = useAuditedApp({
  entities: cases.map(({ entity }) => entity) as unknown as TestEntity[],
  options: { policies },
  clear: false,
  verify: false,
});

describe.each(cases)('$one.name', ({ one, entity }) => {
  it('is in SQL what the unit of work records', async () => {
    const kept = new KeptRows(audited.orm, { policies });
    const name = entity.meta.className;
    const em = audited.orm.em.fork();
    const [first, ...others] = one.steps;
    const row = em.create(entity, { value: first?.() });
    await em.flush();
    await kept.keep(name);
    for (const step of others) {
      row.value = step();
      await em.flush();
      await kept.keep(name);
    }
    const seen = await kept.seen(name);
    expect(changesSeen(seen)).toEqual(await changesOf(audited, name));
  });
});
