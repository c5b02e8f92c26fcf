import { ref } from '@mikro-orm/core';
import { Case, Client, Note, Salary, Topic } from '../../support/fixtures/law-firm.js';
import type { LawFirmApp } from './law-firm-app.js';

/**
 * A case of tenant `a`, two of `b`, each with everything that belongs to one.
 * @returns ids of the revisions of `b`
 */
export async function writeTwoTenants(firm: LawFirmApp): Promise<readonly string[]> {
  for (const name of ['a', 'b', 'b']) {
    const em = firm.orm.em.fork();
    await firm.context.run({ metadata: { tenant: name } }, async () => {
      const client = em.create(Client, { tenant: name, name: `Client of ${name}` });
      const one = em.create(Case, {
        tenant: name,
        title: `Secret of ${name}`,
        fee: '7311.00',
        extra: { badge: 'Badge 1234', gate: `Gate ${name}` },
        client: ref(client),
      });
      one.topics.add(em.create(Topic, { name: `Topic of ${name}` }));
      em.create(Note, { text: `Note of ${name}`, case: ref(one) });
      em.create(Salary, { amount: 4711 });
      await em.flush();
      one.title = `Secret of ${name}, again`;
      await em.flush();
    });
  }
  const all = await firm.reader.revisions({ order: 'oldest' });
  return all.items.filter(({ metadata }) => metadata?.tenant === 'b').map(({ id }) => id);
}
