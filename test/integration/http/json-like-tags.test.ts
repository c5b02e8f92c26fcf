import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ref } from '@mikro-orm/core';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import { Case, Client, Note } from '../../support/fixtures/law-firm.js';
import { createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

interface Field {
  readonly path: string;
  readonly after?: unknown;
  readonly value?: unknown;
}

/** JSON of the application, and what the API answers: never what it says of a value that it does not show. */
const CASES: readonly (readonly [unknown, unknown])[] = [
  [{ $hidden: true }, { $object: [['$hidden', true]] }],
  [{ $masked: 'redact' }, { $object: [['$masked', 'redact']] }],
  [
    { $masked: 'last4', value: '1234' },
    {
      $object: [
        ['value', '1234'],
        ['$masked', 'last4'],
      ],
    },
  ],
  [{ $mask: { kind: 'redact' } }, { $object: [['$mask', { kind: 'redact' }]] }],
  [{ $binary: 'aGk=' }, { $object: [['$binary', 'aGk=']] }],
  [{ $undecodable: { error: 'no' } }, { $object: [['$undecodable', { error: 'no' }]] }],
  [{ $object: [['a', 1]] }, { $object: [['$object', [['a', 1]]]] }],
  [{ list: [{ $links: ['1'] }] }, { list: [{ $object: [['$links', ['1']]] }] }],
  [
    { title: 'Home', $links: ['1'] },
    { title: 'Home', $links: ['1'] },
  ],
];

const exported = (text: string): unknown => JSON.parse(text.split('\n')[0] ?? '').after.extra;

describe('JSON of the application that looks like the words of the API', () => {
  let firm: LawFirmApp;

  beforeAll(async () => {
    firm = await createLawFirmApp('express');
    const em = firm.orm.em.fork();
    const client = ref(em.create(Client, { tenant: 'a', name: 'Acme' }));
    for (const [extra] of CASES) {
      const one = em.create(Case, {
        tenant: 'a',
        title: 'First',
        fee: '1.00',
        extra: extra as object,
        client,
      });
      em.create(Note, { text: 'Hello', case: ref(one) });
    }
    await em.flush();
    await firm.oracle.verify();
  });
  afterAll(() => firm?.close());

  const extraOf = (fields: readonly Field[]) => {
    const field = fields.find(({ path }) => path === 'extra');
    return field?.after ?? field?.value;
  };

  it.each(CASES.map((row, index) => [index + 1, ...row] as const))(
    'is told from them, case %i: %j',
    async (id, _, shown) => {
      const at = 'at=2999-01-01T00:00:00Z';
      const [changes, blame, state, related] = await Promise.all([
        firm.get(`/changes?entity=case&id=${id}`),
        firm.get(`/entities/case/${id}/blame`),
        firm.get(`/entities/case/${id}/state?${at}`),
        firm.get(`/entities/note/${id}/state?${at}&populate=case`),
      ]);
      expect(extraOf(changes.body.items[0].fields)).toEqual(shown);
      expect(extraOf(blame.body.properties)).toEqual(shown);
      expect(state.body.state.extra).toEqual(shown);
      expect(related.body.state.case.extra).toEqual(shown);
    },
  );

  it.each(CASES.map((row, index) => [index + 1, ...row] as const))(
    'is looked into where something inside of it is hidden, case %i: %j',
    async (id, _, shown) => {
      const blind: AuditAccess = {
        ...EVERYTHING,
        entities: { case: { within: 'all', hidden: ['extra.secret'] } },
      };
      const { body } = await firm.get(`/changes?entity=case&id=${id}`, blind);
      expect(extraOf(body.items[0].fields)).toEqual(shown);
      const path = `/export?format=ndjson&entity=case&id=${id}`;
      const [seen, whole] = await Promise.all([firm.download(path, blind), firm.download(path)]);
      expect(exported(seen.text)).toEqual(exported(whole.text));
    },
  );
});
