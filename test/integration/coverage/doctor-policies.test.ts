import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { AuditDoctor, AuditPostgreSqlDriver, auditPolicy, auditPrivileges } from 'nestjs-mikro-audit';
import { type AuditedApp, createAuditedApp } from '../../support/audited-app.js';
import { useAuditedApp } from '../../support/use-audited-app.js';
import { withTriggers } from '../../support/with-triggers.js';

const AddressSchema = defineEntity({
  name: 'Address',
  embeddable: true,
  properties: { street: p.string().default(''), door: p.string().default('') },
});
class Address extends AddressSchema.class {}
AddressSchema.setClass(Address);

const TagSchema = defineEntity({ name: 'Tag', properties: { id: p.integer().primary() } });
class Tag extends TagSchema.class {}
TagSchema.setClass(Tag);

const FirmSchema = defineEntity({
  name: 'Firm',
  properties: {
    id: p.integer().primary(),
    iban: p.string(),
    code: p.string(),
    home: () => p.embedded(Address),
    away: () => p.embedded(Address).object(),
    tags: () => p.manyToMany(Tag),
    former: () => p.manyToOne(Firm).nullable(),
  },
});
class Firm extends FirmSchema.class {}
FirmSchema.setClass(Firm);

const AnimalSchema = defineEntity({
  name: 'Animal',
  abstract: true,
  inheritance: 'tpt',
  properties: { id: p.integer().primary() },
});
class Animal extends AnimalSchema.class {}
AnimalSchema.setClass(Animal);
const DogSchema = defineEntity({ name: 'Dog', extends: AnimalSchema, properties: { tail: p.string() } });
class Dog extends DogSchema.class {}
DogSchema.setClass(Dog);

const entities = [Address, Tag, Firm];
const hashKey = 'a key that is long enough';

/** Errors and warnings of a policy, and what it leaves out. */
async function found(app: AuditedApp['app'], codes: RegExp): Promise<readonly string[]> {
  const findings = await app.get(AuditDoctor).examine();
  return findings
    .filter(({ code }) => codes.test(code))
    .map(({ code, severity, subject }) => `${severity} ${code} ${subject}`)
    .sort();
}

const POLICY = /^(options|writes|triggers-impossible|property|entity)/;

describe('of policies the doctor finds', () => {
  const firm = auditPolicy(Firm, {
    ignore: ['home', 'tags', 'former'],
    mask: { iban: 'hash', code: 'last4' },
    requireReason: true,
    unrecordedWrites: 'allow',
  });
  const allowing = useAuditedApp({
    entities,
    options: { policies: [firm], hashKey },
    orm: { driver: AuditPostgreSqlDriver },
  });

  it('writes that are allowed, demands that they do not meet, and what leaves no trace', async () => {
    expect(await found(allowing.app, POLICY)).toEqual([
      'error options-contradict Firm',
      'info entity-unaudited Tag',
      'info property-ignored Firm.former',
      'info property-ignored Firm.home.door',
      'info property-ignored Firm.home.street',
      'info property-ignored Firm.tags',
      'info property-masked Firm.code',
      'info property-masked Firm.iban',
      'warning writes-allowed Firm',
    ]);
  });
});

describe('of policies with triggers the doctor finds', () => {
  const policies = [auditPolicy(Firm, { mask: { iban: 'hash' } }), auditPolicy(Dog)];
  const recording = useAuditedApp({
    entities: [...entities, Animal, Dog],
    options: { policies, hashKey },
    orm: withTriggers({ policies }),
  });

  it('hashes that they do not make, and classes that they do not record', async () => {
    expect(await found(recording.app, /^(options|writes|triggers-impossible)/)).toEqual([
      'warning options-contradict Firm.iban',
      'warning triggers-impossible Dog',
    ]);
  });

  it('a role for which no trigger runs', async () => {
    recording.skipOracle();
    const [database] = await recording.orm.em
      .fork()
      .execute<{ name: string }[]>('select current_database() as name');
    const name = database?.name ?? '';
    await recording.orm.em.fork().execute(`alter database "${name}" set session_replication_role = replica`);
    expect(await found(recording.app, /^trigger-off/)).toEqual([`error trigger-off ${name}`]);
    await recording.orm.em.fork().execute(`alter database "${name}" reset session_replication_role`);
  });
});

describe('of privileges the doctor', () => {
  let app: AuditedApp;
  const [owner, writer] = [`doctor_owner_${process.pid}`, `doctor_writer_${process.pid}`];
  const run = (sql: string) => app.orm.em.fork().execute(sql);

  beforeAll(async () => {
    // One connection, on which the app becomes another role.
    app = await createAuditedApp({ entities, options: { policies: [auditPolicy(Tag)] }, poolMax: 1 });
    await run(`create role ${owner}; create role ${writer}; grant usage on schema public to ${writer}`);
    await run(auditPrivileges({ owner, writer }));
    await run(`grant all on tag to ${writer}; set role ${writer}`);
  });
  afterAll(async () => {
    await run(
      `reset role; reassign owned by ${owner} to current_user; drop owned by ${owner}, ${writer}; drop role ${owner}, ${writer}`,
    );
    await app.close();
  });

  it('has nothing to say after the script', async () => {
    expect(await found(app.app, /^(trail-changeable|grants|guard|owner)/)).toEqual([]);
  });

  it('finds columns that the role may not write', async () => {
    await run(`reset role; revoke insert (reason) on audit_change from ${writer}; set role ${writer}`);
    expect(await found(app.app, /^(trail-changeable|grants|guard|owner)/)).toEqual([
      'error grants-missing "public"."audit_change"',
    ]);
  });
});
