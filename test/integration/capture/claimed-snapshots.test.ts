import { describe, expect, it } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Audited } from 'nestjs-mikro-audit';
import { useAuditedApp } from '../../support/use-audited-app.js';

@Audited()
@Entity()
class Note {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text' })
  text!: string;
}

/** Of a row that it loads first, wholly or its key only, MikroORM takes what `em.create()` is given for what was loaded. */
const loads: Readonly<Record<string, (em: EntityManager) => Promise<Note>>> = {
  'loaded wholly': (em) => em.findOneOrFail(Note, 1),
  'loaded in part': async (em) => (await em.findOneOrFail(Note, 1, { fields: ['id'] })) as Note,
};

describe.each(Object.entries(loads))('a row that was %s, and is created once more', (_how, load) => {
  const app = useAuditedApp({ entities: [Note] });

  async function claimed(work: (em: EntityManager, note: Note) => void): Promise<unknown> {
    app.em.create(Note, { id: 1, text: 'stored' });
    await app.em.flush();
    const em = app.orm.em.fork();
    await load(em);
    work(em, em.create(Note, { id: 1, text: 'claimed' }));
    await em.flush();
    const { items } = await app.reader.history(Note, 1, { limit: 1 });
    return items.map(({ operation, before }) => [operation, before]);
  }

  it('has the stored value before an update', async () => {
    const change = await claimed((_, note) => {
      note.text = 'changed';
    });
    expect(change).toEqual([['update', { text: 'stored' }]]);
  });

  it('has the stored value before a delete', async () => {
    const change = await claimed((em, note) => em.remove(note));
    expect(change).toEqual([['delete', { id: 1, text: 'stored' }]]);
  });
});
