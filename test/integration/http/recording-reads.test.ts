import { describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { ADAPTERS, createOfficeApp, type OfficeApp } from './office-app.js';
import { fill, namedActor, readsOf } from './read-records.js';

/** Runs every handler in a transaction, as some apps do. */
@Injectable()
class TransactionInterceptor implements NestInterceptor {
  constructor(private readonly orm: MikroORM) {}

  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.orm.em.transactional(() => lastValueFrom(next.handle())));
  }
}

describe.each(ADAPTERS)('recording reads on %s', (adapter) => {
  const withOffice = async (
    given: NonNullable<Parameters<typeof createOfficeApp>[1]>,
    run: (office: OfficeApp) => Promise<void>,
  ) => {
    const office = await createOfficeApp(adapter, { options: namedActor, ...given });
    try {
      await fill(office);
      await run(office);
    } finally {
      await office.close();
    }
  };

  it.each([
    ['of its own', []],
    [
      'that every handler runs in',
      [
        {
          provide: APP_INTERCEPTOR,
          useFactory: (orm: MikroORM) => new TransactionInterceptor(orm),
          inject: [MikroORM],
        },
      ],
    ],
  ])('needs no second connection, in a transaction %s', (_, providers) =>
    withOffice({ poolMax: 1, providers }, async (office) => {
      await Promise.all(
        ['/changes', '/entities/case/1/blame', '/revisions/1', '/export/manifest'].map((path) =>
          office.get(path).expect(200),
        ),
      );
      await office.get('/changes', { actions: ['history'], entities: { case: {} } }).expect(403);
      const actions = (await readsOf(office)).map(({ action }) => action).sort();
      expect(actions).toEqual([
        'audit.blame',
        'audit.export-manifest',
        'audit.revision',
        'audit.search',
        'audit.search',
      ]);
    }),
  );

  it('is of some actions, or off', async () => {
    await withOffice({ http: { recordReads: ['export'] } }, async (office) => {
      await office.get('/changes').expect(200);
      await office.download('/export');
      expect((await readsOf(office)).map(({ action }) => action)).toEqual([
        'audit.export',
        'audit.export-ended',
      ]);
    });
    await withOffice({ http: { recordReads: false } }, async (office) => {
      await office.get('/changes').expect(200);
      await office.download('/export');
      expect(await readsOf(office)).toEqual([]);
    });
  });

  it('that fails keeps the answer back', () =>
    withOffice({}, async (office) => {
      const execute = (sql: string) => office.orm.em.getConnection().execute(sql);
      await execute(
        `create function refuse() returns trigger language plpgsql as $$ begin raise 'full'; end $$`,
      );
      await execute(
        'create trigger refuse before insert on audit_revision for each row execute function refuse()',
      );
      for (const path of ['/changes', '/revisions/1', '/entities/case/1/state?revision=1', '/export']) {
        const { status, text } = await office.get(path);
        expect([path, status, text]).toEqual([path, 500, expect.not.stringContaining('First')]);
      }
    }));

  it('keeps the answer from one who is nobody, where an actor is required', () =>
    withOffice({ options: { ...namedActor, requireActor: true } }, async (office) => {
      const { status, body } = await office.get('/changes');
      expect([status, body.code]).toEqual([403, 'AUDIT_ACTOR_MISSING']);
      await office.get('/changes').set('x-user', 'anna').expect(200);
    }));
});
