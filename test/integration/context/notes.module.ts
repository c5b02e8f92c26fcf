import { defineEntity, p } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Inject, Injectable, Module, Post } from '@nestjs/common';
import { AuditAction } from 'nestjs-mikro-audit';

const NoteSchema = defineEntity({
  name: 'Note',
  properties: { id: p.integer().primary(), text: p.string() },
});
export class Note extends NoteSchema.class {}
NoteSchema.setClass(Note);

/** May be changed by anybody, but not without a reason. */
const ContractSchema = defineEntity({
  name: 'Contract',
  properties: { id: p.integer().primary(), text: p.string(), draft: p.string().nullable() },
});
export class Contract extends ContractSchema.class {}
ContractSchema.setClass(Contract);

@Injectable()
export class Notes {
  constructor(@Inject(EntityManager) private readonly em: EntityManager) {}

  @AuditAction('note.write', { requireReason: true })
  async write(text: string): Promise<number> {
    const em = this.em.fork();
    const note = em.create(Note, { text });
    await em.flush();
    return note.id;
  }
}

@Controller('notes')
class NotesController {
  constructor(@Inject(Notes) private readonly notes: Notes) {}

  @Post()
  async write(@Body() body: { text: string }) {
    return { id: await this.notes.write(body.text) };
  }
}

@Module({ controllers: [NotesController], providers: [Notes], exports: [Notes] })
export class NotesModule {}
