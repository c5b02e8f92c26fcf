import { describe, expect, it } from '@jest/globals';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { AuditModule, type AuditModuleOptions, auditPolicy, checkpointFolder } from 'nestjs-mikro-audit';
import { orderEntities } from '../../support/fixtures/orders.js';
import { testOrmOptions } from '../../support/orm.js';
import { refusalOf } from './boot-app.js';
import { Customer, entities, expectRefusal, useRefusals } from './use-refusals.js';

const { refusal, urlOf } = useRefusals();

const PLACE = checkpointFolder('/nowhere');

/** Options as a JavaScript caller, or a configuration file, may give them. */
function untyped(options: Record<string, unknown>): AuditModuleOptions {
  return options;
}

describe('an invalid option of AuditModule is refused at boot', () => {
  it('for a name that does not exist, with the names that do', async () => {
    await expectRefusal(refusal(untyped({ actors: () => null })), [
      'AuditModule does not know the option "actors".',
      'Use one of: resolveActor, policies, secrets, maxValueBytes, hashKey, maxBufferedChanges, sendWithCommit, readFrom, sequencer, evidence, requireActor, unrecordedWrites, reasonFrom, envelope, restoreKeys, allowWithoutAuditing, check.',
    ]);
  });

  it("for readFrom: 'replica' without replicas, which would read from the primary", async () => {
    await expectRefusal(refusal({ readFrom: 'replica', policies: [auditPolicy(Customer)] }), [
      'AuditModule has the option readFrom: \'replica\', but the MikroORM configuration "default" has no replicas.',
      'Add replicas to that configuration, or remove readFrom.',
    ]);
  });

  it.each<[string, unknown, string]>([
    ['resolveActor', 'anna', 'Give it a function.'],
    ['resolveActor', null, 'Give it a function.'],
    ['policies', {}, 'Give it an array of auditPolicy().'],
    ['policies', [Customer], 'Give it an array of auditPolicy().'],
    ['policies', null, 'Give it an array of auditPolicy().'],
    ['readFrom', 'standby', "Give it 'primary' or 'replica'."],
    ['sequencer', 'no', 'Give it true or false.'],
    ['evidence', { origin: 'a b', signers: () => [], publishers: [PLACE] }, 'Give it an object with origin'],
    ['evidence', { origin: 'a', signers: [], publishers: [PLACE] }, 'Give it an object with origin'],
    ['evidence', { origin: 'a', signers: () => [], publishers: [] }, 'Give it an object with origin'],
    ['evidence', { origin: 'a', signers: () => [], publishers: [{}] }, 'Give it an object with origin'],
    [
      'evidence',
      { origin: 'a', signers: () => [], publishers: [PLACE], every: 901 },
      'Give it an object with origin',
    ],
    [
      'evidence',
      { origin: 'a', signers: () => [], publishers: [PLACE], keys: [] },
      'Give it an object with origin',
    ],
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
describe('forRootAsync refuses as forRoot does', () => {
  it.each([null, 'options'])('for a factory that returns %p', async (nonsense) => {
    const error = refusalOf([
      MikroOrmModule.forRoot(testOrmOptions({ url: urlOf(), entities })),
      AuditModule.forRootAsync({ useFactory: () => nonsense as unknown as AuditModuleOptions }),
    ]);
    await expectRefusal(error, ['instead of options.', 'Return an object from the factory']);
  });

  it('for the options that the factory returns', async () => {
    const error = refusalOf([
      MikroOrmModule.forRoot(testOrmOptions({ url: urlOf(), entities })),
      AuditModule.forRootAsync({ useFactory: () => untyped({ actors: 1 }) }),
    ]);
    await expectRefusal(error, ['AuditModule does not know the option "actors".']);
  });
});
