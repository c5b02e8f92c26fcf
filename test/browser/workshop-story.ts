import { ref } from '@mikro-orm/core';
import type { Actor, ContextValues } from 'nestjs-mikro-audit';
import type { AuditedApp } from '../support/audited-app.js';
import { Job, Mechanic, Part, Skill } from './workshop.js';

export const ADA: Actor = { type: 'user', id: '1', label: 'Ada Lovelace' };
const BEN: Actor = { type: 'user', id: '2', label: 'Ben Okri' };
const NIGHTLY: Actor = { type: 'system', id: 'nightly-prices', label: null };

const NOTES = 'The pump leaks at the flange. Replace the seal, then run it for an hour and look again.';

/** Does something in a context, in one transaction. */
export async function act(
  app: AuditedApp,
  values: ContextValues,
  work: (em: AuditedApp['orm']['em']) => Promise<void>,
): Promise<void> {
  await app.context.run(values, () =>
    app.orm.em.fork().transactional((em) => work(em as AuditedApp['orm']['em'])),
  );
}

/** Five revisions of job J-1 and its parts, and a job that is deleted. */
export async function tellStory(app: AuditedApp): Promise<void> {
  await act(app, { actor: ADA, action: 'job.accept', reason: 'By phone' }, async (em) => {
    em.create(Mechanic, { id: 'm1', name: 'Mia' });
    em.create(Mechanic, { id: 'm2', name: 'Noor' });
    const welding = em.create(Skill, { id: 1, name: 'welding' });
    em.create(Skill, { id: 2, name: 'painting' });
    const job = em.create(Job, {
      id: 'J-1',
      title: 'Pump 3',
      notes: NOTES,
      price: '120.00',
      dueAt: new Date('2027-01-12T05:30:00Z'),
      photo: Buffer.from('jpeg'),
      data: { pump: { maker: 'Flux', serial: 'F-1' }, access: ['gate A'] },
      account: 'DE02120300000000202051',
      margin: '18%',
      mechanic: em.getReference(Mechanic, 'm1', { wrapped: true }),
    });
    job.skills.add(welding);
    em.create(Part, { id: 1, name: 'Seal', job: ref(job) });
    em.create(Job, { id: 'J-2', title: 'Fan' });
  });
  await change(app, { actor: BEN, action: 'job.price' }, (job) => {
    job.price = '180.00';
    job.margin = '25%';
    job.account = 'DE02120300000000209999';
  });
  await act(
    app,
    { actor: NIGHTLY, onBehalfOf: BEN, metadata: { run: { number: 7, dry: false } } },
    async (em) => {
      const job = await em.findOneOrFail(Job, 'J-1', { populate: ['mechanic', 'skills'] });
      job.notes = NOTES.replace('the seal', 'both seals').replace('an hour', 'two hours');
      job.data = { pump: { maker: 'Flux', serial: 'F-2' }, access: ['gate A'], floor: 2 };
      job.mechanic = ref(await em.findOneOrFail(Mechanic, 'm2'));
      job.skills.add(await em.findOneOrFail(Skill, 2));
    },
  );
  await act(app, { actor: ADA, reason: 'Twice by mistake' }, async (em) => {
    em.remove(await em.findOneOrFail(Job, 'J-2'));
  });
  await act(app, { actor: BEN }, async (em) => {
    (await em.findOneOrFail(Part, 1)).name = 'Seal, viton';
  });
}

/** Changes job J-1 as one revision. */
export async function change(
  app: AuditedApp,
  values: ContextValues,
  edit: (job: Job) => void,
): Promise<void> {
  await act(app, values, async (em) => edit(await em.findOneOrFail(Job, 'J-1')));
}
