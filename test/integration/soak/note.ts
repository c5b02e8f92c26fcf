import type { EntityManager } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from 'nestjs-mikro-audit';

@Audited({ name: 'note' })
@Entity()
export class Note {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  /** Who wrote last, as the writer itself knows it: `actor/number`. */
  @Property({ type: 'string' })
  writer!: string;
}

/** The work of one request: so many changes, of which each says in its payload who makes it. */
export interface Writing {
  readonly actor: string;
  readonly changes: number;
  /** Makes the payloads of all writings differ. */
  readonly serial: number;
}

/** Creates notes in one transaction and changes them in another one, after a random delay. */
export async function writeNotes(em: EntityManager, { actor, changes, serial }: Writing): Promise<void> {
  const created = Math.ceil(changes / 2);
  const notes = Array.from({ length: created }, (_, index) =>
    em.create(Note, { writer: `${actor}/${serial}.${index}` }),
  );
  await em.flush();
  await randomDelay(4);
  for (const [index, note] of notes.slice(0, changes - created).entries()) {
    note.writer = `${actor}/${serial}.${index} again`;
  }
  await em.flush();
}

/** Often none at all, which only lets others run. */
export function randomDelay(milliseconds: number): Promise<void> {
  const delay = Math.random() * 2 * milliseconds - milliseconds;
  return new Promise((resolve) => (delay < 0 ? setImmediate(resolve) : setTimeout(resolve, delay)));
}
