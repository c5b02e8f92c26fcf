import { MikroOrmModule } from '@mikro-orm/nestjs';
import { MikroORM } from '@mikro-orm/postgresql';
import type { INestApplication } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { type Actor, type ActorSource, AuditModule, systemActor } from 'nestjs-mikro-audit';
import { createTestDatabase } from '../../support/database.js';
import { testOrmOptions } from '../../support/orm.js';
import { NoteController } from './note.controller.js';
import { Note } from './note.js';
import { NoteQueue, QUEUE_URL } from './note-queue.js';
import { OpenWork } from './open-work.js';

export interface SoakApp {
  readonly app: INestApplication;
  close(): Promise<void>;
}

/** Listens, on pools of two connections. Without the oracle and statement log of other tests, which remember too much. */
export async function bootSoakApp(adapter: AbstractHttpAdapter): Promise<SoakApp> {
  const database = await createTestDatabase();
  const module = await Test.createTestingModule({
    imports: [
      MikroOrmModule.forRoot(testOrmOptions({ url: database.url, entities: [Note], poolMax: 2 })),
      AuditModule.forRoot({
        resolveActor: slowActor,
        envelope: { keys: ['a key for envelopes, of 32 characters'], worker: systemActor('note-worker') },
      }),
    ],
    controllers: [NoteController],
    providers: [OpenWork, NoteQueue, { provide: QUEUE_URL, useValue: database.url }],
  }).compile();
  const app = module.createNestApplication<INestApplication>(adapter, { logger: false });
  await app.get(MikroORM).schema.create();
  await app.listen(0, '127.0.0.1');
  return {
    app,
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

async function slowActor({ request }: ActorSource): Promise<Actor | null> {
  await new Promise((resolve) => setImmediate(resolve));
  const { user } = request as { readonly user?: { readonly id: string } };
  return user ? { type: 'user', id: user.id, label: null } : null;
}
