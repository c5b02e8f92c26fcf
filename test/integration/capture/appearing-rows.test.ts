import { beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, type EventSubscriber, p } from '@mikro-orm/core';
import { AuditCaptureError, auditPolicy } from 'nestjs-mikro-audit';
import { trailOf } from '../../support/trail.js';
import { useAuditedApp } from '../../support/use-audited-app.js';

const Parcel = defineEntity({
  name: 'Parcel',
  properties: { id: p.integer().primary(), place: p.text() },
});
const Crate = defineEntity({
  name: 'Crate',
  properties: { id: p.integer().primary(), place: p.text() },
});

const app = useAuditedApp({
  entities: [Parcel, Crate],
  options: { policies: [auditPolicy(Parcel), auditPolicy(Crate, { exact: true })] },
  oracle: { entities: [Parcel, Crate] },
});

/** Another transaction inserts the row after the library has looked for it, and before the update is sent. */
class FasterInsert implements EventSubscriber {
  table: string | null = null;

  async beforeUpdate(): Promise<void> {
    if (this.table) {
      const { table } = this;
      this.table = null;
      const other = app.orm.em.fork();
      other.create(table === 'parcel' ? Parcel : Crate, { id: 1, place: 'elsewhere' });
      await other.flush();
    }
  }
}

const faster = new FasterInsert();

describe('an update of a row that was not there', () => {
  beforeAll(() => app.orm.em.getEventManager().registerSubscriber(faster));

  it.each([
    ['believed', Parcel],
    ['exact', Crate],
  ] as const)('is no change when it still is not (%s)', async (_, entity) => {
    app.em.getReference(entity, 1).place = 'here';
    await app.em.flush();
    expect(await trailOf(app)).toEqual([]);
  });

  it.each([
    ['believed', Parcel, 'parcel'],
    ['exact', Crate, 'crate'],
  ] as const)('is refused when another transaction was faster (%s)', async (_, entity, table) => {
    faster.table = table;
    app.em.getReference(entity, 1).place = 'here';
    await expect(app.em.flush()).rejects.toThrow(AuditCaptureError);
    expect((await trailOf(app)).map(([, id, operation]) => `${operation} ${id}`)).toEqual(['create 1']);
    expect(await app.orm.em.fork().findOneOrFail(entity, 1)).toMatchObject({ place: 'elsewhere' });
  });
});
