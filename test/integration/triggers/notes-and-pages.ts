import { defineEntity, p } from '@mikro-orm/core';

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
