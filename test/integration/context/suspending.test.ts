import { describe, expect, it } from '@jest/globals';
import { AuditContext, type AuditModuleOptions, systemActor } from 'nestjs-mikro-audit';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { orderEntities, Tag } from '../../support/fixtures/orders.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

// Suspended writes are in the tables and not in the trail.
const audited = useAuditedApp({ entities: orderEntities, verify: false });

const boot = (options: AuditModuleOptions) => createAuditedApp({ entities: orderEntities, options });

const trail = (app: Pick<AuditedApp, 'orm'> = audited): Promise<Record<string, unknown>[]> =>
  app.orm.em
    .fork()
    .getConnection()
    .execute(
      'select action, reason, outcome, actor_id, metadata from audit_change where revision_id is null order by id',
    );

const changes = (): Promise<{ operation: string; before: object; after: object }[]> =>
  audited.orm.em
    .fork()
    .getConnection()
    .execute('select operation, before, after from audit_change where entity_type is not null order by id');

async function addTag(name: string): Promise<Tag> {
  const em = audited.orm.em.fork();
  const tag = em.create(Tag, { name });
  await em.flush();
  return tag;
}

describe('withoutAuditing', () => {
  it('leaves no change, but two revisions with who, why, the action and its outcome', async () => {
    const result = await audited.context.run({ actor: systemActor('importer'), action: 'import' }, () =>
      audited.context.withoutAuditing({ reason: 'first import' }, async () => {
        await addTag('a');
        await addTag('b');
        return 7;
      }),
    );
    expect(result).toBe(7);
    expect(await changes()).toEqual([]);
    const shared = { reason: 'first import', actor_id: 'importer', outcome: 'success' };
    expect(await trail()).toEqual([
      { ...shared, action: 'audit.suspend', metadata: null },
      { ...shared, action: 'audit.resume', metadata: { unaudited: { Tag: 2 } } },
    ]);
  });

  it('holds inside only: not beside it, not after it, and not for work left running', async () => {
    let late: Promise<unknown> = Promise.resolve();
    const inside = audited.context.withoutAuditing({ reason: 'r' }, async () => {
      late = (async () => {
        await tick();
        await finished;
        await addTag('late');
      })();
      await tick();
      await addTag('inside');
    });
    const finished = inside.catch(() => undefined);
    await Promise.all([inside, addTag('beside')]);
    await late;
    await addTag('after');
    const names = (await changes()).map(({ after }) => (after as { name: string }).name);
    expect(names.sort()).toEqual(['after', 'beside', 'late']);
  });

  it('ends with an error too, which is that of the function', async () => {
    const failing = audited.context.withoutAuditing({ reason: 'r' }, async () => {
      await addTag('kept');
      throw new Error('mine');
    });
    await expect(failing).rejects.toThrow('mine');
    expect((await trail()).map(({ action, outcome }) => [action, outcome])).toEqual([
      ['audit.suspend', 'success'],
      ['audit.resume', 'failure'],
    ]);
    await addTag('audited');
    expect(await changes()).toHaveLength(1);
  });

  it('does not confuse the unit of work: the next audited change has the values stored before it', async () => {
    const em = audited.orm.em.fork();
    const tag = em.create(Tag, { name: 'one' });
    await em.flush();
    await audited.context.withoutAuditing({ reason: 'r' }, async () => {
      tag.name = 'two';
      await em.flush();
      // Behind the back of the unit of work, as imports do.
      await em.getConnection().execute('update tag set name = ? where id = ?', ['three', tag.id]);
    });
    tag.name = 'four';
    await em.flush();
    expect(await changes()).toMatchObject([
      { operation: 'create', after: { name: 'one' } },
      { operation: 'update', before: { name: 'three' }, after: { name: 'four' } },
    ]);
    const { items } = await audited.reader.history(Tag, tag.id);
    expect(items).toHaveLength(2);
  });

  it('does not confuse a transaction that is audited around it', async () => {
    const em = audited.orm.em.fork();
    await em.transactional(async (inner) => {
      const tag = inner.create(Tag, { name: 'one' });
      await inner.flush();
      await audited.context.withoutAuditing({ reason: 'r' }, async () => {
        tag.name = 'two';
        await inner.flush();
      });
      tag.name = 'three';
      await inner.flush();
    });
    // Create and update of one transaction are one create, with what is stored in the end.
    expect(await changes()).toMatchObject([{ operation: 'create', after: { name: 'three' } }]);
  });

  it('knows rows that were made and removed in it', async () => {
    const em = audited.orm.em.fork();
    const made = await audited.context.withoutAuditing({ reason: 'r' }, async () => {
      const tag = em.create(Tag, { name: 'made' });
      await em.flush();
      return tag;
    });
    made.name = 'changed';
    await em.flush();
    await audited.context.withoutAuditing({ reason: 'r' }, () => em.remove(made).flush());
    expect(await changes()).toMatchObject([
      { operation: 'update', before: { name: 'made' }, after: { name: 'changed' } },
    ]);
  });

  it('needs a reason', async () => {
    const empty = audited.context.withoutAuditing({ reason: ' ' }, () => addTag('x'));
    await expect(empty).rejects.toMatchObject({ code: 'AUDIT_REASON_MISSING' });
    expect(await trail()).toEqual([]);
  });

  it('does not run when it cannot be recorded', async () => {
    await audited.orm.em.fork().getConnection().execute('alter table audit_change rename to gone');
    try {
      const unrecorded = audited.context.withoutAuditing({ reason: 'r' }, () => addTag('x'));
      await expect(unrecorded).rejects.toMatchObject({ code: 'AUDIT_WRITE_FAILED' });
    } finally {
      await audited.orm.em.fork().getConnection().execute('alter table gone rename to audit_change');
    }
    expect(await audited.orm.em.fork().count(Tag, { name: 'x' })).toBe(0);
  });

  it('may be forbidden, and then the attempt is recorded', async () => {
    const strict = await boot({ allowWithoutAuditing: false });
    try {
      let ran = false;
      const forbidden = strict.context.withoutAuditing({ reason: 'r' }, () => {
        ran = true;
      });
      await expect(forbidden).rejects.toMatchObject({ code: 'AUDIT_SUSPENSION_FORBIDDEN' });
      expect([ran, await trail(strict)]).toMatchObject([
        false,
        [{ action: 'audit.suspend', outcome: 'denied' }],
      ]);
    } finally {
      await strict.close();
    }
  });

  it('is only there with the module', () => {
    expect(() => new AuditContext().withoutAuditing({ reason: 'r' }, () => 1)).toThrow(/AUDIT_CONFIGURATION/);
  });
});
