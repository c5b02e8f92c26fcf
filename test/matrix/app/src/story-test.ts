import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MikroORM } from '@mikro-orm/core';
import type { INestApplication } from '@nestjs/common';
import {
  auditMatchers,
  expectNothingUnrecorded,
  expectTrailToEqualTables,
  recordedBy,
  withActor,
} from 'nestjs-mikro-audit/testing';
import { Book } from './book.js';
import { createApp } from './create-app.js';
import { tellStory } from './story.js';

expect.extend(auditMatchers);

let app: INestApplication;

// Its tables stay, as those of a test database do.
beforeAll(async () => {
  await tellStory();
  app = await createApp();
  await app.init();
}, 60_000);

afterAll(() => app.close());

test('the test kit', async () => {
  const em = app.get<unknown, MikroORM>(MikroORM).em.fork();
  const recording = await recordedBy(app, () =>
    withActor('9', async () => {
      em.create(Book, { title: 'Persuasion', price: '7.00' });
      await em.flush();
    }),
  );
  expect(recording).toHaveBeenAudited({
    entity: Book,
    operation: 'create',
    changes: { title: [undefined, 'Persuasion'] },
    actor: '9',
  });
  expect(recording).toHaveBeenAuditedExactly({ entity: Book, after: { price: expect.stringMatching(/^7/) } });
  expect(() => expect(recording).toHaveBeenAudited({ entity: Book, actor: '8' })).toThrow(
    /by user 9\n +but actor is/,
  );
  // @ts-expect-error
  expect(() => expect(recording).toHaveBeenAudited({ entity: Book, after: { titel: 'x' } })).toThrow(/titel/);
  await expectTrailToEqualTables(app);
  const past = () => em.nativeUpdate(Book, { title: 'Persuasion' }, { title: 'Sanditon' });
  await expect(expectNothingUnrecorded(app, past)).rejects.toThrow(/found 'Sanditon'/);
});
