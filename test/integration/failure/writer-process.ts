/**
 * Writes without an end in several lanes, so that it can be killed in the middle of a flush. Says "ready" once it writes.
 * Run: node --import ../../e2e/typescript-loader.mjs writer-process.ts DATABASE_URL FIRST_ID EXACT
 */
import 'reflect-metadata';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuditModule, auditPolicy } from 'nestjs-mikro-audit';
import { testOrmOptions } from '../../support/orm.js';
import { Child, Parent, Place, shapeEntities, Tag } from './flush-shapes.js';

const LANES = 6;
const STEPS = 1_000;

const [, , url = '', first = '', exact] = process.argv;
const policies = shapeEntities.map((entity) => auditPolicy(entity as never, { exact: exact === 'true' }));
const pool = { min: 0, max: LANES };

class WriterModule {}
Module({
  imports: [
    MikroOrmModule.forRoot(testOrmOptions({ url, entities: shapeEntities, orm: { pool } })),
    AuditModule.forRoot({ policies, sequencer: false }),
  ],
})(WriterModule);

const STEPS_OF_LIFE: readonly ((em: EntityManager, id: number) => Promise<unknown>)[] = [
  (em, id) => {
    const place = em.create(Place, { code: `p${id}`, name: 'a' });
    const tags = [0, 1, 2].map((n) => em.create(Tag, { id: id * 10 + n, name: `t${id}-${n}` }));
    const parent = em.create(Parent, { id, name: 'a', place });
    parent.tags.add(tags.slice(0, 2));
    em.create(Child, { id: id * 10, note: 'a', parent });
    return em.flush();
  },
  async (em, id) => {
    em.getReference(Parent, id).name = 'b';
    await em.flush();
  },
  (em, id) =>
    em.transactional(async (outer) => {
      const parent = await outer.findOneOrFail(Parent, id, { populate: ['tags'] });
      parent.tags.set([outer.getReference(Tag, id * 10 + 2)]);
      await outer.flush();
      await outer.transactional(async (inner) => {
        inner.create(Child, { id: id * 10 + 1, note: 'b', parent: inner.getReference(Parent, id) });
      });
      parent.name = 'c';
    }),
  async (em, id) => {
    (await em.findOneOrFail(Place, `p${id}`)).code = `q${id}`;
    await em.flush();
  },
  async (em, id) => {
    em.remove(await em.findOneOrFail(Parent, id));
    em.remove(await em.findOneOrFail(Tag, id * 10));
    await em.flush();
  },
];

/** A server that has gone makes the idle connections of the pool fail as well. */
process.on('uncaughtException', () => process.exit(1));
const app = await NestFactory.createApplicationContext(WriterModule, { logger: false });
const orm = app.get<unknown, MikroORM>(MikroORM);
process.stdout.write('ready\n');
await Promise.all(Array.from({ length: LANES }, (_, lane) => write(Number(first) + lane * STEPS * 10)));

/** The life of one family after another. */
async function write(start: number): Promise<void> {
  for (let id = start; id < start + STEPS; id += 1) {
    for (const step of STEPS_OF_LIFE) {
      await step(orm.em.fork(), id);
    }
  }
}
