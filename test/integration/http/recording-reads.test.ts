import { describe, expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { ADAPTERS, createLawFirmApp, type LawFirmApp } from './law-firm-app.js';
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
  const withLawFirm = async (
    given: NonNullable<Parameters<typeof createLawFirmApp>[1]>,
    run: (firm: LawFirmApp) => Promise<void>,
  ) => {
    const firm = await createLawFirmApp(adapter, { options: namedActor, ...given });
    try {
      await fill(firm);
      await run(firm);
    } finally {
      await firm.close();
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
    withLawFirm({ poolMax: 1, providers }, async (firm) => {
      await Promise.all(
        ['/changes', '/entities/case/1/blame', '/revisions/1', '/export/manifest'].map((path) =>
          firm.get(path).expect(200),
        ),
      );
      await firm
        .get('/changes', { permissions: ['history'], entities: { case: { within: 'all' } } })
        .expect(403);
      const actions = (await readsOf(firm)).map(({ action }) => action).sort();
      expect(actions).toEqual([
        'audit.blame',
        'audit.export-manifest',
        'audit.revision',
        'audit.search',
        'audit.search',
      ]);
    }),
  );

  it('can be limited to some actions, or turned off', async () => {
    await withLawFirm({ http: { recordTrailReads: ['export'] } }, async (firm) => {
      await firm.get('/changes').expect(200);
      await firm.download('/export');
      expect((await readsOf(firm)).map(({ action }) => action)).toEqual([
        'audit.export',
        'audit.export-ended',
      ]);
    });
    await withLawFirm({ http: { recordTrailReads: false } }, async (firm) => {
      await firm.get('/changes').expect(200);
      await firm.download('/export');
      expect(await readsOf(firm)).toEqual([]);
    });
  });

  it('that fails keeps the answer back', () =>
    withLawFirm({}, async (firm) => {
      const execute = (sql: string) => firm.orm.em.getConnection().execute(sql);
      await execute(
        `create function refuse() returns trigger language plpgsql as $$ begin raise 'full'; end $$`,
      );
      await execute(
        'create trigger refuse before insert on audit_change for each row execute function refuse()',
      );
      for (const path of ['/changes', '/revisions/1', '/entities/case/1/state?revision=1', '/export']) {
        const { status, text } = await firm.get(path);
        expect([path, status, text]).toEqual([path, 500, expect.not.stringContaining('First')]);
      }
    }));

  it('withholds the answer from an unknown reader where an actor is required', () =>
    withLawFirm({ options: { ...namedActor, requireActor: true } }, async (firm) => {
      const { status, body } = await firm.get('/changes');
      expect([status, body.code]).toEqual([403, 'AUDIT_ACTOR_MISSING']);
      await firm.get('/changes').set('x-user', 'anna').expect(200);
    }));
});
