import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EntityManager } from '@mikro-orm/postgresql';
import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { auditPolicy, systemActor } from 'nestjs-mikro-audit';
import request from 'supertest';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { Patient, PatientsController, Ward } from './patients.controller.js';

interface WithUser {
  headers: Record<string, string | undefined>;
  user?: { id: string };
}

@Module({ controllers: [PatientsController] })
class PatientsModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply((incoming: WithUser, _response: unknown, next: () => void) => {
        const id = incoming.headers['x-user'];
        if (id !== undefined) incoming.user = { id };
        next();
      })
      .forRoutes('{*path}');
  }
}

const audited = useAuditedApp({
  entities: [Patient, Ward],
  imports: [PatientsModule],
  options: { policies: [auditPolicy(Patient, { name: 'patient', recordReads: true }), auditPolicy(Ward)] },
});

beforeAll(async () => {
  await audited.app.listen(0);
});

beforeEach(async () => {
  const em = audited.orm.em.fork();
  const patients = ['Ada', 'Bo', 'Cy'].map((name, index) =>
    em.create(Patient, { name, ward: index === 2 ? 'west' : 'east' }),
  );
  await audited.context.run({ actor: systemActor('setup') }, () => em.persist(patients).flush());
});

async function get(path: string, user = 'anna'): Promise<number> {
  const url = await audited.app.getUrl();
  const { status } = await request(url.replace('[::1]', '127.0.0.1')).get(path).set('x-user', user);
  return status;
}

/** Who looked at what, in the order of ids. */
async function reads(): Promise<unknown[]> {
  const rows = await audited.orm.em
    .fork()
    .getConnection()
    .execute<Record<string, string>[]>(
      `select d.entity_type, d.entity_id, r.actor_id, r.outcome from audit_read d
       join audit_change r on r.id = d.revision_id order by d.entity_id, r.id`,
    );
  return rows.map(({ entity_type, entity_id, actor_id, outcome }) => [
    `${entity_type} ${entity_id}`,
    actor_id,
    outcome,
  ]);
}

describe('reads of an entity', () => {
  it('are recorded with who looked, as ids', async () => {
    expect(await get('/patients/2')).toBe(200);
    expect(await reads()).toEqual([['patient 2', 'anna', 'success']]);
    const { items } = await audited.reader.reads(Patient, 2);
    expect(items).toEqual([
      expect.objectContaining({
        actor: expect.objectContaining({ type: 'user', id: 'anna' }),
        origin: expect.objectContaining({ route: '/patients/:id', handler: 'PatientsController.get' }),
      }),
    ]);
  });

  it('are recorded once per request, however often they are loaded, in one revision', async () => {
    expect(await get('/patients')).toBe(200);
    expect(await reads()).toEqual([
      ['patient 1', 'anna', 'success'],
      ['patient 2', 'anna', 'success'],
      ['patient 3', 'anna', 'success'],
    ]);
    const revisions = await audited.orm.em
      .fork()
      .getConnection()
      .execute<object[]>('select distinct revision_id from audit_read');
    expect(revisions).toHaveLength(1);
  });

  it('are recorded again in the next request, and of each user', async () => {
    await get('/patients/1');
    await get('/patients/1', 'boris');
    expect(await reads()).toEqual([
      ['patient 1', 'anna', 'success'],
      ['patient 1', 'boris', 'success'],
    ]);
    const first = await audited.reader.reads(Patient, 1, { limit: 1 });
    const second = await audited.reader.reads(Patient, 1, { limit: 1, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map(({ actor }) => actor.id)).toEqual(['boris', 'anna']);
    expect(second.nextCursor).toBeNull();
  });

  it('are not recorded for counts, nor for other entities', async () => {
    expect(await get('/patients/count')).toBe(200);
    expect(await reads()).toEqual([]);
  });

  it('do not include entities created, changed or deleted without being loaded', async () => {
    const em = audited.orm.em.fork();
    await audited.context.run({ actor: systemActor('job') }, async () => {
      const created = em.create(Patient, { name: 'Di', ward: 'east' });
      await em.flush();
      created.name = 'Dee';
      em.remove(em.getReference(Patient, 3));
      await em.flush();
      await em.find(Patient, 1);
    });
    expect(await reads()).toEqual([['patient 1', 'job', 'success']]);
  });

  it('belong to the actor of the nested run that looked', async () => {
    await audited.context.run({ actor: systemActor('outer') }, async () => {
      await audited.orm.em.fork().findOne(Patient, 1);
      await audited.context.run({ reason: 'no other actor' }, () =>
        audited.orm.em.fork().findOne(Patient, 1),
      );
      await audited.context.run({ actor: systemActor('inner') }, () =>
        audited.orm.em.fork().findOne(Patient, 1),
      );
    });
    expect(await reads()).toEqual([
      ['patient 1', 'outer', 'success'],
      ['patient 1', 'inner', 'success'],
    ]);
  });

  it('go the way of the transaction they happen in', async () => {
    await audited.context.run({ actor: systemActor('job') }, async () => {
      const em = audited.orm.em.fork();
      const failing = em.transactional(async (inner) => {
        await inner.findOne(Patient, 1);
        throw new Error('x');
      });
      await expect(failing).rejects.toThrow('x');
    });
    expect(await reads()).toEqual([]);
  });

  it('are recorded again when the record went with a transaction or savepoint, and only then', async () => {
    const read = (em: EntityManager) => em.fork({ keepTransactionContext: true }).findOne(Patient, 1);
    await audited.context.run({ actor: systemActor('job') }, async () => {
      const failing = audited.orm.em.fork().transactional(async (outer) => {
        const inner = outer.transactional(async (em) => {
          await read(em);
          throw new Error('inner');
        });
        await expect(inner).rejects.toThrow('inner');
        await read(outer);
        expect(await reads()).toEqual([]);
        throw new Error('outer');
      });
      await expect(failing).rejects.toThrow('outer');
      await audited.orm.em.fork().transactional(async (em) => {
        await em.transactional(read);
        await read(em);
      });
      await read(audited.orm.em.fork());
    });
    expect(await reads()).toEqual([['patient 1', 'job', 'success']]);
  });

  it('are refused as long as they cannot be recorded, by the same EntityManager and by others', async () => {
    await audited.context.run({ actor: systemActor('job') }, async () => {
      const [one, other] = [audited.orm.em.fork(), audited.orm.em.fork()];
      const refused = { code: 'AUDIT_WRITE_FAILED' };
      await other.execute('alter table audit_read rename to elsewhere');
      try {
        await expect(one.find(Patient, {})).rejects.toMatchObject(refused);
        for (const id of [1, 2]) {
          await expect(one.findOne(Patient, id)).rejects.toMatchObject(refused);
          await expect(other.findOne(Patient, id)).rejects.toMatchObject(refused);
        }
      } finally {
        await other.execute('alter table elsewhere rename to audit_read');
      }
      expect(await other.findOne(Patient, 1)).toMatchObject({ name: 'Ada' });
      expect(await one.findOne(Patient, 2)).toMatchObject({ name: 'Bo' });
    });
    expect((await reads()).slice(0, 2)).toEqual([
      ['patient 1', 'job', 'success'],
      ['patient 2', 'job', 'success'],
    ]);
  });

  it('that happen at once are recorded once', async () => {
    await audited.context.run({ actor: systemActor('job') }, async () => {
      const em = audited.orm.em.fork();
      await Promise.all([em.find(Patient, {}), em.fork().find(Patient, {}), em.fork().findOne(Patient, 2)]);
    });
    expect(await reads()).toHaveLength(3);
  });

  it('have the explicit unknown actor outside any context', async () => {
    await audited.orm.em.fork().findOne(Patient, 1);
    expect(await reads()).toEqual([['patient 1', null, 'success']]);
  });

  it('are not recorded while auditing is suspended', async () => {
    await audited.context.run({ actor: systemActor('job') }, () =>
      audited.context.withoutAuditing({ reason: 'import' }, () => audited.orm.em.fork().find(Patient, {})),
    );
    expect(await reads()).toEqual([]);
  });
});

describe('what a handler shows', () => {
  it('is recorded by the ids in its result', async () => {
    expect(await get('/patients/names')).toBe(200);
    expect(await reads()).toHaveLength(3);
  });

  it('is recorded by the keys that it picks', async () => {
    expect(await get('/patients/ward/east')).toBe(200);
    expect(await reads()).toEqual([
      ['patient 1', 'anna', 'success'],
      ['patient 2', 'anna', 'success'],
    ]);
  });

  it('is not sent when its entities cannot be recorded', async () => {
    expect(await get('/patients/without-id')).toBe(500);
  });
});
