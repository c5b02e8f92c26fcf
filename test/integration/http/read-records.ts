import type { Revision } from 'nestjs-mikro-audit';
import { Case, Salary } from '../../support/fixtures/law-firm.js';
import type { LawFirmApp } from './law-firm-app.js';

/** The actor is whom the header `x-user` names. */
export const namedActor = {
  resolveActor: ({ request: incoming }: { readonly request: unknown }) => {
    const { headers } = incoming as { readonly headers: Readonly<Record<string, string | undefined>> };
    const id = headers['x-user'];
    return id === undefined ? null : { type: 'user' as const, id, label: null };
  },
};

/** The revisions of reads of the trail, the oldest first. */
export const readsOf = async (firm: LawFirmApp): Promise<readonly Revision[]> => {
  const { items } = await firm.reader.revisions({ order: 'oldest', limit: 500 });
  return items.filter(({ metadata }) => metadata?.trailRead !== undefined);
};

const CLERK = { actor: { type: 'user', id: 'clerk', label: null }, metadata: { tenant: 'a' } } as const;

/** A case that was changed, and a salary. */
export async function fill(firm: LawFirmApp): Promise<void> {
  const em = firm.orm.em.fork();
  const one = em.create(Case, { tenant: 'a', title: 'First' });
  em.create(Salary, { amount: 1 });
  await firm.context.run(CLERK, () => em.flush());
  one.title = 'Second';
  await firm.context.run(CLERK, () => em.flush());
}
