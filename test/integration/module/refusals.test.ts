import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import type { Options } from '@mikro-orm/postgresql';
import {
  AuditConfigurationError,
  AuditModule,
  type AuditModuleOptions,
  auditPolicy,
} from 'nestjs-mikro-audit';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { orderEntities } from '../../support/fixtures/orders.js';
import { testOrmOptions } from '../../support/orm.js';
import type { TestEntity } from '../../support/test-entity.js';
import { refusalOf, refusalWith } from './boot-app.js';

const Customer = defineEntity({
  name: 'Customer',
  properties: { id: p.integer().primary(), name: p.string() },
});
const Invoice = defineEntity({
  name: 'Invoice',
  properties: {
    id: p.integer().primary(),
    iban: p.string(),
    customer: () => p.manyToOne(Customer),
    copies: () => p.manyToMany(Customer).pivotTable('invoice_copies'),
  },
});
const Stranger = defineEntity({ name: 'Stranger', properties: { id: p.integer().primary() } });
const entities = [Customer, Invoice];

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
});

/** Asserts that the app refuses to start and that the message holds all of these parts. */
async function expectRefusal(refusal: Promise<unknown>, parts: readonly string[]): Promise<void> {
  const error = await refusal;
  expect(error).toBeInstanceOf(AuditConfigurationError);
  const { message, code } = error as AuditConfigurationError;
  expect(code).toBe('AUDIT_CONFIGURATION');
  for (const part of ['[AUDIT_CONFIGURATION] ', ...parts]) {
    expect(message).toContain(part);
  }
}

function refusal(
  options: AuditModuleOptions,
  rest: {
    readonly entities?: readonly TestEntity[];
    readonly orm?: Options;
    readonly withAuditEntities?: boolean;
  } = {},
): Promise<unknown> {
  return refusalWith({ url: database.url, entities, ...rest }, options);
}

/** Options as a JavaScript caller, or a configuration file, may give them. */
function untyped(options: Record<string, unknown>): AuditModuleOptions {
  return options;
}

describe('an option of AuditModule that cannot be is refused at boot', () => {
  it('for a name that does not exist, with the names that do', async () => {
    await expectRefusal(refusal(untyped({ actors: () => null })), [
      'AuditModule does not know the option "actors".',
      'Use one of: actor, policies, secrets, maxValueBytes, hashKey, maxBufferedChanges, sendWithCommit, readFrom, requireActor, unrecordedWrites, reason, envelope, restoreKeys, allowWithoutAuditing.',
    ]);
  });

  it("for readFrom: 'replica' without replicas, which would read from the primary", async () => {
    await expectRefusal(refusal({ readFrom: 'replica', policies: [auditPolicy(Customer)] }), [
      'AuditModule has the option readFrom: \'replica\', but the MikroORM configuration "default" has no replicas.',
      'Add replicas to that configuration, or remove readFrom.',
    ]);
  });

  it.each<[string, unknown, string]>([
    ['actor', 'anna', 'Give it a function.'],
    ['actor', null, 'Give it a function.'],
    ['policies', {}, 'Give it an array of auditPolicy().'],
    ['policies', [Customer], 'Give it an array of auditPolicy().'],
    ['policies', null, 'Give it an array of auditPolicy().'],
    ['readFrom', 'standby', "Give it 'primary' or 'replica'."],
    ['maxValueBytes', 255, 'Give it a whole number from 256 to 16777216.'],
    ['maxValueBytes', 16_777_217, 'Give it a whole number from 256 to 16777216.'],
    ['maxValueBytes', 1000.5, 'Give it a whole number from 256 to 16777216.'],
    ['maxValueBytes', Number.NaN, 'Give it a whole number from 256 to 16777216.'],
    ['maxValueBytes', '1000', 'Give it a whole number from 256 to 16777216.'],
    ['hashKey', 'fifteen letters', 'Give it a string of at least 16 characters.'],
    ['hashKey', 1_234_567_890_123_456, 'Give it a string of at least 16 characters.'],
    ['restoreKeys', [], 'Give it one or more strings of at least 32 characters.'],
    ['restoreKeys', ['short'], 'Give it one or more strings of at least 32 characters.'],
    ['secrets', { names: ['x'] }, 'Give it an object with words and except (words)'],
    ['secrets', { words: 'x' }, 'Give it an object with words and except (words)'],
    ['secrets', { texts: ['passport'] }, 'some of url, jwt, private-key, api-key, card-number'],
    ['unrecordedWrites', 'log', 'Give it warn, refuse, allow.'],
    ['maxBufferedChanges', 0, 'Give it a whole number from 1 to 1000000.'],
    ['maxBufferedChanges', Number.POSITIVE_INFINITY, 'Give it a whole number from 1 to 1000000.'],
  ])('%s: %p', async (name, value, remedy) => {
    await expectRefusal(refusal(untyped({ [name]: value })), [
      `The option "${name}" of AuditModule has a value it cannot have.`,
      remedy,
    ]);
  });

  it('never shows the value, which may be a secret', async () => {
    const error = await refusal(untyped({ hashKey: 'short-canary' }));
    expect(String(error)).not.toContain('short-canary');
  });
});

describe('an app that cannot be audited is refused at boot', () => {
  it('without MikroORM', async () => {
    await expectRefusal(refusalOf([AuditModule.forRoot()]), [
      'AuditModule found no MikroORM in this application.',
      'Import MikroOrmModule.forRoot()',
    ]);
  });

  it('without an audited entity', async () => {
    await expectRefusal(refusal({}), [
      'AuditModule found no audited entity in any MikroORM configuration.',
      'Add @Audited() to an entity class, or pass auditPolicy(Entity)',
    ]);
  });

  it.each([
    ['AuditModule', { unrecordedWrites: 'refuse', policies: [auditPolicy(Customer)] }],
    ['Customer', { policies: [auditPolicy(Customer, { unrecordedWrites: 'allow' })] }],
  ] as const)('with a rule of %s for unrecorded writes that the driver cannot keep', async (who, options) => {
    await expectRefusal(refusal(options), [
      `${who} has the option unrecordedWrites, but the driver of the MikroORM configuration "default"`,
      'Add driver: AuditPostgreSqlDriver',
    ]);
  });

  it('without the audit tables among the entities', async () => {
    await expectRefusal(refusal({}, { entities: orderEntities, withAuditEntities: false }), [
      'The MikroORM configuration "default" has audited entities, but not the audit tables: AuditChange is missing',
      'entities: [..., ...auditEntities]',
      'create a migration',
    ]);
  });

  it.each([
    ['implicitTransactions', { implicitTransactions: false }],
    ['disableTransactions', { disableTransactions: true }],
  ])('with %s, where nothing would be atomic', async (option, orm) => {
    await expectRefusal(refusal({ policies: [auditPolicy(Customer)] }, { orm }), [
      `The MikroORM configuration "default" has audited entities (Customer), but ${option} makes flushes run without a transaction`,
      `Remove ${option} from the configuration.`,
    ]);
  });

  it('but not with implicitTransactions: false where nothing of that configuration is audited', async () => {
    await expectRefusal(refusal({}, { orm: { implicitTransactions: false } }), ['no audited entity']);
  });
});

describe('a policy that cannot be is refused at boot', () => {
  it('for an entity that no MikroORM configuration knows', async () => {
    await expectRefusal(refusal({ policies: [auditPolicy(Customer), auditPolicy(Stranger)] }), [
      'AuditModule has a policy for Stranger, which no MikroORM configuration knows.',
      'Add Stranger to the entities of a MikroORM configuration, or remove its auditPolicy().',
    ]);
  });

  it.each([
    [
      'a view',
      defineEntity({
        name: 'Total',
        expression: 'select 1 as id',
        view: true,
        properties: { id: p.integer().primary() },
      }),
    ],
    [
      'a virtual entity',
      defineEntity({ name: 'Total', expression: 'select 1 as id', properties: { id: p.integer() } }),
    ],
  ])('for %s, to which nothing is written', async (kind, Total) => {
    const policies = [auditPolicy(Customer), auditPolicy(Total as never)];
    await expectRefusal(refusal({ policies }, { entities: [...entities, Total] }), [
      `Total is audited, but it is ${kind}: nothing is ever written to it.`,
      'Audit the entities that it is made of, and take its @Audited() or auditPolicy() away.',
    ]);
  });

  it('for an unknown entity alone', async () => {
    await expectRefusal(refusal({ policies: [auditPolicy(Stranger)] }), ['Stranger']);
  });

  it('for two policies of one entity, of which one would be lost', async () => {
    const policies = [auditPolicy(Customer, { ignore: ['name'] }), auditPolicy(Customer)];
    await expectRefusal(refusal({ policies }), [
      'AuditModule has two policies for Customer.',
      'Keep one of them',
    ]);
  });

  it('for a hash mask without hashKey', async () => {
    await expectRefusal(refusal({ policies: [auditPolicy(Invoice, { mask: { iban: 'hash' } })] }), [
      "Invoice.iban is masked with 'hash', but AuditModule has no hashKey.",
      'Give AuditModule.forRoot({ hashKey }) a secret of at least 16 characters, or use another mask.',
    ]);
  });

  it('for two classes under one name', async () => {
    const policies = [auditPolicy(Customer), auditPolicy(Invoice, { name: 'Customer' })];
    await expectRefusal(refusal({ policies }), [
      'Customer and Invoice are both audited under the name "Customer".',
      'Give one of them another @Audited({ name }).',
    ]);
  });

  it('for an empty name', async () => {
    await expectRefusal(refusal({ policies: [auditPolicy(Customer, { name: '' })] }), [
      'Customer is audited under an empty name.',
    ]);
  });

  it.each([
    ['ignore', { ignore: ['naem'] }],
    ['mask', { mask: { naem: 'redact' } }],
  ])('for a property in %s that the entity does not have, with those it has', async (_option, options) => {
    await expectRefusal(refusal({ policies: [auditPolicy(Customer, options as object)] }), [
      'The audit policy of Customer names the property "naem", which it does not have.',
      'Use one of: id, name.',
    ]);
  });

  it.each([
    ['ignores', { ignore: ['id'] }],
    ['masks', { mask: { id: 'redact' } }],
  ])('when it %s the primary key', async (_option, options) => {
    await expectRefusal(refusal({ policies: [auditPolicy(Customer, options as object)] }), [
      'The audit policy of Customer ignores or masks its primary key "id".',
      'Leave the key alone',
    ]);
  });

  it.each(['iban', 'copies', 'nothing'])('for partOf: %s, which is no to-one relation', async (partOf) => {
    await expectRefusal(refusal({ policies: [auditPolicy(Invoice, { partOf: partOf as 'customer' })] }), [
      `@Audited({ partOf: '${partOf}' }) of Invoice does not name a to-one relation.`,
      'Name a many-to-one or one-to-one property of Invoice.',
    ]);
  });

  it('for a mask of a kind that does not exist', async () => {
    const options = { mask: { name: 'blur' as 'redact' } };
    await expectRefusal(
      Promise.resolve()
        .then(() => refusal({ policies: [auditPolicy(Customer, options)] }))
        .catch((error) => error),
      ['does not know the mask "blur" of "name"', 'Use one of: redact, last4, hash, none.'],
    );
  });
});

describe('forRootAsync refuses as forRoot does', () => {
  it.each([null, 'options'])('for a factory that returns %p', async (nonsense) => {
    const error = refusalOf([
      MikroOrmModule.forRoot(testOrmOptions({ url: database.url, entities })),
      AuditModule.forRootAsync({ useFactory: () => nonsense as unknown as AuditModuleOptions }),
    ]);
    await expectRefusal(error, ['instead of options.', 'Return an object from the factory']);
  });

  it('for the options that the factory returns', async () => {
    const error = refusalOf([
      MikroOrmModule.forRoot(testOrmOptions({ url: database.url, entities })),
      AuditModule.forRootAsync({ useFactory: () => untyped({ actors: 1 }) }),
    ]);
    await expectRefusal(error, ['AuditModule does not know the option "actors".']);
  });
});
