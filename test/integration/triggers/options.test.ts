import { describe, expect, it } from '@jest/globals';
import { defineEntity, PostgreSqlDriver, p } from '@mikro-orm/postgresql';
import {
  AuditPostgreSqlDriver,
  type AuditTriggerOptions,
  auditPolicy,
  auditTriggers,
} from 'nestjs-mikro-audit';
import pg from 'pg';
import { createAuditedApp } from '../../support/audited-app.js';
import { withTriggers } from '../../support/with-triggers.js';

const ThingSchema = defineEntity({
  name: 'Thing',
  properties: { id: p.integer().primary(), name: p.string(), secretPhrase: p.string().nullable() },
});
class Thing extends ThingSchema.class {}
ThingSchema.setClass(Thing);

const policies = [auditPolicy(Thing)];

/** The message with which the app does not start. */
async function refusal(options: Parameters<typeof createAuditedApp>[0]): Promise<string> {
  try {
    await (await createAuditedApp(options)).close();
    return 'it starts';
  } catch (error) {
    return String(error);
  }
}

describe('auditTriggers()', () => {
  it.each<[string, object, RegExp]>([
    ['an option that does not exist', { policy: [] }, /does not know the option "policy"/],
    ['another way to meet truncate', { truncate: 'allow' }, /has the option truncate: 'allow'/],
    ['no role', { roles: [] }, /without the name of a role/],
    ['a role without a name', { roles: [''] }, /without the name of a role/],
  ])('refuses %s', (_, options, message) => {
    expect(() => auditTriggers(options as AuditTriggerOptions)).toThrow(message);
  });

  it("is refused with MikroORM's own driver, with which every change would be recorded twice", async () => {
    const orm = { ...withTriggers({ policies }), driver: PostgreSqlDriver };
    expect(await refusal({ entities: [Thing], options: { policies }, orm })).toMatch(
      /Add driver: AuditPostgreSqlDriver/,
    );
  });

  it.each<[string, AuditTriggerOptions]>([
    ['other policies', { policies: [auditPolicy(Thing, { mask: { name: 'redact' } })] }],
    ['other secrets', { policies, secrets: { except: ['secret phrase'] } }],
    ['another size of values', { policies, maxValueBytes: 1_000 }],
  ])('is refused with %s than those of the module', async (_, triggers) => {
    const orm = withTriggers(triggers);
    expect(await refusal({ entities: [Thing], options: { policies }, orm })).toMatch(/their options differ/);
  });

  it('leaves nothing for a rule for unrecorded writes', async () => {
    const options = { policies, unrecordedWrites: 'refuse' } as const;
    expect(await refusal({ entities: [Thing], options, orm: withTriggers({ policies }) })).toMatch(
      /auditTriggers\(\) records every write/,
    );
  });

  it('refuses a table whose name leaves no room for those of its functions', async () => {
    const LongSchema = defineEntity({
      name: 'Long',
      tableName: 'l'.repeat(57),
      properties: { id: p.integer().primary() },
    });
    class Long extends LongSchema.class {}
    LongSchema.setClass(Long);
    const long = [auditPolicy(Long)];
    const options = { entities: [Long], options: { policies: long } };
    expect(await refusal({ ...options, orm: withTriggers({ policies: long }) })).toMatch(
      /cannot name its functions after the table lll/,
    );
  });

  it('believes notes of the roles of the app only', async () => {
    const app = await createAuditedApp({
      entities: [Thing],
      options: { policies },
      orm: {
        driver: AuditPostgreSqlDriver,
        discovery: { afterDiscovered: auditTriggers({ policies, roles: ['somebody_else'] }) },
      },
    });
    const stranger = new pg.Client({ connectionString: app.url });
    try {
      await stranger.connect();
      for (const [id, note] of [`{"own":"\\"public\\".\\"thing\\""}`, '{"also":true}'].entries()) {
        await stranger.query(`/*audit:${note}*/ insert into thing (id, name) values (${id}, 'a')`);
      }
      expect(await app.orm.em.fork().execute('select entity_id from audit_change')).toHaveLength(2);
    } finally {
      await stranger.end();
      await app.close();
    }
  });
});
