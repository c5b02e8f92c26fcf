import { ref } from '@mikro-orm/core';
import { Case, Client, Note, Topic } from '../../support/fixtures/law-firm.js';
import type { LawFirmApp } from './law-firm-app.js';

export const ANNA = { type: 'user', id: 'anna', label: 'Anna' } as const;

/** Anna opens a case with a value of every kind, in one revision, and renames it in another. */
export async function openCase(firm: LawFirmApp): Promise<void> {
  const em = firm.orm.em.fork();
  await firm.context.run({ actor: ANNA, action: 'case.open', reason: 'Called in' }, async () => {
    const client = em.create(Client, { tenant: 'a', name: 'Acme' });
    const one = em.create(Case, {
      tenant: 'a',
      title: 'First',
      fee: '10.5',
      total: 9_007_199_254_740_993n,
      dueAt: new Date('2027-01-01T00:00:00Z'),
      seal: Buffer.from('seal'),
      account: 'DE89370400440532013000',
      extra: { gate: 'B', list: [1, 2] },
      place: { street: 'Quay', city: 'Kiel' },
      client: ref(client),
    });
    one.topics.add(em.create(Topic, { name: 'tax' }));
    em.create(Note, { text: 'Hello', case: ref(one) });
    await em.flush();
    one.title = 'First, renamed';
    one.place = { street: 'Quay', city: 'Bonn' };
    await em.flush();
  });
}

/** Of its second revision. */
export const CHANGED_FIELDS = [
  { path: 'title', before: 'First', after: 'First, renamed' },
  { path: 'place.city', before: 'Kiel', after: 'Bonn' },
];
