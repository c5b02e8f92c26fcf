import { describe, expect, it } from '@jest/globals';
import { defineEntity, p, raw, wrap } from '@mikro-orm/core';
import { snapshotOf } from '../../../libs/audit/src/capture/orm/entity-facts.js';
import { useFactsOrm } from './facts-orm.js';

const Note = defineEntity({
  name: 'Note',
  properties: {
    id: p.integer().primary(),
    title: p.text(),
    extra: p.text().nullable(),
    long: p.text().nullable().lazy(),
    price: p.decimal().precision(8).scale(2).nullable(),
    at: p.text().defaultRaw("'now'"),
  },
});

const facts = useFactsOrm([Note]);

async function aNote(): Promise<number> {
  const own = facts.orm.em.fork();
  const note = own.create(Note, { title: 'one', long: 'text', at: 'then' });
  await own.flush();
  return note.id;
}

describe('snapshots', () => {
  it('an entity that was never stored has none', async () => {
    const note = facts.em.create(Note, { title: 'new', at: 'then' });
    expect(snapshotOf(note)).toBeUndefined();
    await facts.em.flush();
    expect(snapshotOf(note)).toMatchObject({ id: note.id, title: 'new' });
  });

  it('a flush replaces the snapshot of an entity that it writes, and of no other', async () => {
    const written = await facts.em.findOneOrFail(Note, await aNote());
    const other = await facts.em.findOneOrFail(Note, await aNote());
    const [before, beforeOther] = [snapshotOf(written), snapshotOf(other)];
    written.title = 'two';
    await facts.em.flush();
    expect(snapshotOf(written)).not.toBe(before);
    expect(before).toMatchObject({ title: 'one' });
    expect(snapshotOf(other)).toBe(beforeOther);
  });

  it('a load that completes an entity changes its snapshot in place', async () => {
    const reference = facts.em.getReference(Note, await aNote());
    const snapshot = snapshotOf(reference);
    expect(snapshot).toEqual({ id: reference.id });
    await facts.em.findOneOrFail(Note, reference.id);
    expect(snapshotOf(reference)).toBe(snapshot);
    expect(snapshot).toMatchObject({ title: 'one' });
    expect(snapshot).not.toHaveProperty('long');
    await facts.em.populate(reference, ['long']);
    expect(snapshotOf(reference)).toBe(snapshot);
    expect(snapshot).toMatchObject({ long: 'text' });
  });

  it('a reference that loads itself gets a new snapshot', async () => {
    const reference = facts.em.getReference(Note, await aNote());
    const snapshot = snapshotOf(reference);
    await wrap(reference).init();
    expect(snapshotOf(reference)).not.toBe(snapshot);
    expect(snapshot).toEqual({ id: reference.id });
    expect(snapshotOf(reference)).toMatchObject({ title: 'one' });
  });

  it('a merge replaces the snapshot, and it shows the claim of the caller', async () => {
    const id = await aNote();
    const reference = facts.em.getReference(Note, id);
    const before = snapshotOf(reference);
    facts.em.merge(Note, { id, title: 'claimed' });
    expect(snapshotOf(reference)).not.toBe(before);
    expect(snapshotOf(reference)).toMatchObject({ title: 'claimed' });
  });

  it('a rolled back flush leaves the snapshot with the values that were not stored', async () => {
    const note = await facts.em.findOneOrFail(Note, await aNote());
    await facts.em
      .transactional(async (em) => {
        const own = await em.findOneOrFail(Note, note.id);
        own.title = 'lost';
        await em.flush();
        throw new Error('undone');
      })
      .catch(() => undefined);
    expect(await facts.em.fork().findOneOrFail(Note, note.id)).toMatchObject({ title: 'one' });
    facts.em.clear();
    const again = await facts.em.findOneOrFail(Note, note.id);
    await facts.em.begin();
    again.title = 'lost';
    await facts.em.flush();
    await facts.em.rollback();
    expect(snapshotOf(again)).toMatchObject({ title: 'lost' });
  });

  it('a created entity lacks the values that were neither sent nor returned', async () => {
    const note = facts.em.create(Note, { title: 'new', at: 'then' }, { processOnCreateHooksEarly: false });
    await facts.em.flush();
    expect(snapshotOf(note)).not.toHaveProperty('extra');
  });

  it('a value that the database rounds stays as it was sent', async () => {
    const note = facts.em.create(Note, { title: 'new', at: 'then', price: '1.239' });
    await facts.em.flush();
    expect(snapshotOf(note)).toMatchObject({ price: '1.239' });
    expect(await facts.em.fork().findOneOrFail(Note, note.id)).toMatchObject({ price: '1.24' });
  });

  it('an SQL expression is replaced by its result when one row of a plain table is updated', async () => {
    const note = await facts.em.findOneOrFail(Note, await aNote());
    note.title = raw("'made'");
    await facts.em.flush();
    expect(snapshotOf(note)).toMatchObject({ title: 'made' });
  });

  it('a removed entity has its snapshot until its statement has run', async () => {
    const note = await facts.em.findOneOrFail(Note, await aNote());
    facts.em.remove(note);
    const seen = await facts.seen(
      'onFlush',
      () => snapshotOf(note),
      () => facts.em.flush(),
    );
    expect(seen).toEqual([expect.objectContaining({ title: 'one' })]);
    expect(snapshotOf(note)).toBeUndefined();
  });
});
