import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import type { INestApplication } from '@nestjs/common';
import { AuditContext, AuditHealth, AuditReader, AuditRestorer, AuditSequencer } from 'nestjs-mikro-audit';
import * as commitOrder from '../../docs/samples/commit-order.js';
import * as existingData from '../../docs/samples/existing-data.js';
import * as quickStart from '../../docs/samples/quick-start.js';
import * as reading from '../../docs/samples/reading.js';
import * as restore from '../../docs/samples/restore.js';
import { bootBooks } from '../../docs/samples/testing.js';
import * as timeTravel from '../../docs/samples/time-travel.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { nextMillisecond } from '../support/next-millisecond.js';
import { sequenced } from '../support/sequenced.js';

describe('the samples of reading run', () => {
  let database: TestDatabase;
  let app: INestApplication;

  beforeAll(async () => {
    database = await createTestDatabase({ url: process.env.BOOKS_DATABASE_URL });
    app = await bootBooks();
    await app.get(MikroORM).schema.clear();
  });
  afterAll(async () => {
    await app?.close();
    await database.drop();
  });

  it('the health of the trail', async () => {
    const health = new existingData.HealthController(app.get(AuditHealth));
    expect(await health.look()).toEqual({ audit: { status: 'up' } });
  });

  it('reading and time-travel', async () => {
    const audit = app.get(AuditReader);
    const em = app.get(MikroORM).em.fork();
    const by = (reason: string, work: () => Promise<void>) =>
      app.get(AuditContext).run(
        {
          actor: { type: 'user', id: 'ada', label: 'Ada' },
          reason,
          correlationId: 'r1',
          origin: { ip: reason === 'sold' ? '10.0.0.7' : null },
          metadata: { tenant: reason === 'sold' ? 'north' : 'south' },
        },
        work,
      );
    const book = em.create(quickStart.Book, { title: 'Emma', stock: 3 });
    await by('new', () => em.flush());
    const [created] = (await audit.history(quickStart.Book, book.id)).items;
    const then = created?.revision.recordedAt ?? new Date(0);
    await nextMillisecond();
    book.stock = 0;
    await by('sold', () => em.flush());
    const now = new Date();

    expect(await reading.soldOut(audit, 'ada')).toEqual(['1: Ada']);
    expect(await reading.causedBy(audit, 'r1')).toEqual(['1: {"book":1}', '2: {"book":1}']);
    expect(await reading.mostDelay(audit)).toBe(0);
    expect(await reading.lastModifiedBy(audit, [book])).toEqual(['Ada']);
    expect(await reading.stockHistory(audit, book.id)).toEqual([3, 0]);
    expect(await reading.busiest(audit, then)).toEqual(['Ada: 2 in 2']);
    expect(await reading.addressesOf(audit, book.id)).toEqual(['10.0.0.7', null]);
    expect(await reading.ofTenant(audit, 'north')).toEqual(['update 1']);
    const sent: string[] = [];
    let position: string | null = null;
    await sequenced(app);
    position = await reading.handOn(audit, position, async (id) => void sent.push(id));
    expect(sent).toEqual(['1', '2']);
    expect(await commitOrder.lateTrails(app.get(AuditSequencer), 60)).toEqual([]);
    expect(await timeTravel.stockAt(audit, 1, then)).toBe('Emma: 3');
    expect(await timeTravel.stockAt(audit, 1, new Date(0))).toBe('there was no such book');
    expect(await timeTravel.soldOutAt(audit, then)).toEqual([]);
    expect(await timeTravel.soldOutAt(audit, now)).toEqual(['Emma']);
    expect(await timeTravel.whatChanged(audit, 1, now, then)).toEqual(['stock: 0 -> 3']);
    expect(await timeTravel.whoSet(audit, 1)).toEqual(
      expect.arrayContaining(['stock = 0: sold', 'title = Emma: new']),
    );
    await em.getConnection().execute(`delete from audit_change where operation = 'create'`);
    expect(await timeTravel.doubtsAbout(audit, 1, then)).toEqual(['title is unknown since before the trail']);
    await em.getConnection().execute('delete from audit_change');
    expect(await timeTravel.stockAt(audit, 1, then)).toBe('nothing is recorded of it');
  });

  it('restore', async () => {
    const [audit, restorer] = [app.get(AuditReader), app.get(AuditRestorer)];
    const em = app.get(MikroORM).em.fork();
    const book = em.create(quickStart.Book, { title: 'Ivanhoe', stock: 1 });
    await em.flush();
    const [created] = (await audit.history(quickStart.Book, book.id)).items;
    await nextMillisecond();
    book.title = 'Iwanhoe';
    await em.flush();
    const restores = new restore.BookRestores(restorer);
    const plan = await restores.plan(book.id, created?.revision.recordedAt ?? new Date(0));
    const [renamed] = (await audit.history(quickStart.Book, book.id)).items;
    expect(restore.describe(plan)).toEqual([
      `update book ${book.id}`,
      '  title: Iwanhoe -> Ivanhoe',
      `notice: "title" of book ${book.id} was changed since by revision ${renamed?.revision.id}, which is undone.`,
    ]);
    const revision = await restores.restore(plan.token, 'typo');
    expect(revision).not.toBeNull();
    await expect(restores.restore(plan.token, 'typo')).rejects.toThrow('Somebody was faster');
    await restore.undo(restorer, revision ?? '');
    const other = em.fork();
    const found = await other.findOneOrFail(quickStart.Book, book.id);
    expect(found.title).toBe('Iwanhoe');
    other.remove(found);
    await other.flush();
    expect(await restore.undelete(restorer, book.id)).toMatch(/^restored by revision \d+$/);
    expect(await em.fork().count(quickStart.Book, { id: book.id, title: 'Iwanhoe' })).toBe(1);
  });
});
