import { describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import fc from 'fast-check';
import { auditPolicy, type ChangeValues } from 'nestjs-mikro-audit';
import { randomRuns } from '../../support/random-runs.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Block = defineEntity({
  name: 'Block',
  embeddable: true,
  properties: { $links: p.json<unknown>().nullable() },
});
const Page = defineEntity({
  name: 'Page',
  properties: {
    id: p.integer().primary(),
    doc: p.json<unknown>().nullable(),
    block: () => p.embedded(Block).object().nullable(),
  },
});

const audited = useAuditedApp({ entities: [Page], options: { policies: [auditPolicy(Page)] } });

/** Values that an application may store, and how the library writes links, masks and what it cannot record. */
const PAYLOADS: Readonly<Record<string, unknown>> = {
  $links: ['1', '2'],
  $list: ['2', '1'],
  $mask: { kind: 'redact' },
  $masked: 'last4',
  $hidden: true,
  $cut: { reason: 'size' },
  $error: 'no',
  $unsupported: 'function',
  $cycle: true,
  $undefined: true,
  $undecodable: { error: 'no' },
  $date: '2027-01-01T00:00:00.000Z',
  $bigint: '1',
  $number: 'NaN',
  $string: 'a%u0000',
  $bytes: 'aGk=',
  $binary: 'aGk=',
  $set: [1],
  $map: [[1, 2]],
  $object: [['$links', ['1']]],
  $entity: { class: 'Page', key: 1 },
  $collection: [1],
};

async function set(values: Readonly<Record<string, unknown>>, id = 1): Promise<void> {
  const em = audited.orm.em.fork();
  const page = await em.findOne(Page, id);
  em.assign(page ?? em.create(Page, { id, doc: null }), values, { mergeObjectProperties: false });
  await em.flush();
}

/** The state after the newest change. */
async function stateNow(id = 1): Promise<unknown> {
  return audited.reader.asOf(Page, id, new Date(Date.now() + 60_000));
}

async function lastChange(id = 1): Promise<{ before: ChangeValues | null; after: ChangeValues | null }> {
  const [change] = (await audited.reader.history(Page, id)).items;
  return { before: change?.before ?? null, after: change?.after ?? null };
}

/** Everything that the trail says of three values of a document in a row. */
async function expectKept(first: unknown, second: unknown, third: unknown, id = 1): Promise<void> {
  await set({ doc: first }, id);
  expect(await stateNow(id)).toMatchObject({ doc: first });
  const [created] = (await audited.reader.history(Page, id)).items;
  await audited.orm.em.fork().transactional(async (em) => {
    const page = await em.findOneOrFail(Page, id);
    page.doc = second;
    await em.flush();
    page.doc = third;
  });
  expect(await lastChange(id)).toEqual({ before: { doc: first }, after: { doc: third } });
  expect(await stateNow(id)).toMatchObject({ doc: third });
  const to = { revision: created?.revision.id ?? '' };
  await audited.restorer.apply(await audited.restorer.plan(Page, id, { to }));
  expect((await audited.orm.em.fork().findOneOrFail(Page, id)).doc).toEqual(first);
}

describe.each(Object.entries(PAYLOADS))('JSON of the application with the key %s', (key, payload) => {
  it.each([
    ['alone', { [key]: payload }],
    ['beside others', { title: 'Home', [key]: payload }],
    ['inside', { items: [{ [key]: payload, value: 'x' }, { [key]: payload }] }],
  ])('stays itself in states, merged changes and restores: %s', async (_, doc) => {
    await expectKept(doc, { ...doc, step: 1 }, { title: 'hidden by no key', [key]: payload });
  });

  it('is compared member by member', async () => {
    await set({ doc: { a: 1, [key]: payload } });
    await set({ doc: { a: 2, [key]: payload } });
    const [one, two] = (await audited.reader.history(Page, 1)).items;
    const [newer, older] = [one, two].map((change) => ({ revision: change?.revision.id ?? '' }));
    const fields = await audited.reader.diff(Page, 1, { from: older ?? new Date(), to: newer ?? new Date() });
    expect(fields.map(({ path, before, after }) => [path, before, after])).toEqual([['doc.a', 1, 2]]);
  });

  it('is no change when it is set again', async () => {
    await set({ doc: { a: 1, [key]: payload } });
    await audited.orm.em.fork().transactional(async (em) => {
      const page = await em.findOneOrFail(Page, 1);
      page.doc = { a: 2, [key]: payload };
      await em.flush();
      page.doc = { [key]: payload, a: 1 };
    });
    expect((await audited.reader.history(Page, 1)).items).toHaveLength(1);
  });

  it('comes back with a deleted row, in embeddables too', async () => {
    const values = {
      doc: { [key]: payload },
      block: { $links: { [key]: payload } },
    };
    await set(values);
    const em = audited.orm.em.fork();
    em.remove(em.getReference(Page, 1));
    await em.flush();
    expect((await lastChange()).before).toMatchObject(values);
    await audited.restorer.apply(await audited.restorer.planUndelete(Page, 1));
    expect(await audited.orm.em.fork().findOneOrFail(Page, 1)).toMatchObject(values);
  });
});

it('an embeddable with a member that is named like a tag is recorded whole', async () => {
  await set({ block: { $links: ['1'] } });
  expect(await stateNow()).toMatchObject({ block: { $links: ['1'] } });
  await set({ block: { $links: ['2'] } });
  expect(await lastChange()).toEqual({
    before: { block: { $links: ['1'] } },
    after: { block: { $links: ['2'] } },
  });
});

it('any JSON made of the words of the trail stays itself', async () => {
  const { doc } = fc.letrec((tie) => ({
    doc: fc.oneof({ maxDepth: 4 }, fc.constantFrom('redact', 1, null, true), tie('list'), tie('object')),
    list: fc.array(tie('doc'), { maxLength: 3 }),
    object: fc.dictionary(fc.constantFrom(...Object.keys(PAYLOADS), 'value', 'kind', 'a'), tie('doc'), {
      maxKeys: 3,
    }),
  }));
  const some = doc.filter((one) => one !== null);
  let id = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(some, { minLength: 3, maxLength: 3, selector: JSON.stringify }),
      async (docs) => {
        id += 1;
        await expectKept(docs[0], docs[1], docs[2], id);
      },
    ),
    randomRuns(15),
  );
});
