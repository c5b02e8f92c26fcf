// #region imports
import { expect } from '@jest/globals'; // or from 'vitest'
import { MikroORM } from '@mikro-orm/core';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditReader, AuditRecorder } from 'nestjs-mikro-audit';
import {
  auditMatchers,
  expectNothingUnrecorded,
  expectTrailToEqualTables,
  InMemoryAuditRecorder,
  provideAuditTesting,
  recordedBy,
  withActor,
} from 'nestjs-mikro-audit/testing';
import { Book, BooksModule } from './quick-start.js';

expect.extend(auditMatchers);
// #endregion

// #region boot
/** The real module on a real, empty test database. */
export async function bootBooks(): Promise<INestApplication> {
  const module = await Test.createTestingModule({ imports: [BooksModule] }).compile();
  const app = module.createNestApplication();
  await app.init();
  await app.get(MikroORM).schema.refresh();
  return app;
}
// #endregion

export async function testOfRename(app: INestApplication, id: number) {
  const rename = async (title: string) => {
    const em = app.get<unknown, MikroORM>(MikroORM).em.fork();
    const book = await em.findOneOrFail(Book, id);
    book.title = title;
    await em.flush();
  };

  // #region matchers
  const recorded = await recordedBy(app, () => withActor('anna', () => rename('Persuasion')));
  expect(recorded).toHaveBeenAudited({
    entity: Book,
    id,
    operation: 'update',
    changes: { title: ['Emma', 'Persuasion'] },
    actor: 'anna',
  });

  // These and no others, in this order.
  expect(recorded).toHaveBeenAuditedExactly({ entity: Book, after: { title: expect.any(String) } });

  const again = await recordedBy(app, () => rename('Persuasion'));
  expect(again).not.toHaveBeenAudited();
  // #endregion

  // #region trail
  // Fails when the work writes past the trail, by em.nativeUpdate() or SQL.
  await expectNothingUnrecorded(app, () => rename('Sanditon'));

  // Your trail equals your tables: at the end of a test, or of all of them.
  await expectTrailToEqualTables(app);
  // #endregion

  // #region time
  const [change] = recorded.changes;
  const before = await app.get(AuditReader).asOf(Book, id, { beforeRevision: change?.revision.id ?? '' });
  expect(before?.title).toBe('Emma');
  // #endregion
}

// #region reports
export class Reports {
  constructor(private readonly recorder: AuditRecorder) {}

  async print() {
    await this.recorder.record({ action: 'report.print', metadata: { pages: 3 } });
  }
}
// #endregion

export async function testOfReports() {
  // #region unit
  const reports = { provide: Reports, useFactory: (recorder: AuditRecorder) => new Reports(recorder) };
  const module = await Test.createTestingModule({
    providers: [{ ...reports, inject: [AuditRecorder] }, ...provideAuditTesting()],
  }).compile();
  await withActor('anna', () => module.get(Reports).print());

  const { recorded } = module.get(InMemoryAuditRecorder);
  expect(recorded).toHaveBeenAuditedExactly({
    action: 'report.print',
    actor: 'anna',
    metadata: { pages: 3 },
  });
  // #endregion
}
