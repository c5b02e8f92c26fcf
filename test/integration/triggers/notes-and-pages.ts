import { defineEntity, p } from '@mikro-orm/core';
import type { AuditedApp } from '../../support/audited-app.js';

const NoteSchema = defineEntity({
  name: 'Note',
  properties: { id: p.integer().primary(), text: p.string(), kind: p.string().default('plain') },
});
export class Note extends NoteSchema.class {}
NoteSchema.setClass(Note);

const PageSchema = defineEntity({
  name: 'Page',
  properties: {
    id: p.integer().primary(),
    note: () => p.manyToOne(Note).deleteRule('cascade').updateRule('cascade'),
    above: () => p.manyToOne(Page).nullable().createForeignKeyConstraint(false),
  },
});
export class Page extends PageSchema.class {}
PageSchema.setClass(Page);

/** Who has changed what, in the order of the trail. */
export async function toldIn({
  orm,
}: Pick<AuditedApp, 'orm'>): Promise<readonly { readonly who: string; readonly what: string }[]> {
  return orm.em.fork().execute(
    `select actor_type || coalesce(' ' || actor_id, '') as who,
       concat_ws(' ', operation, entity_type, entity_id, before ->> 'text', '->', after ->> 'text') as what
     from audit_change order by id`,
  );
}
