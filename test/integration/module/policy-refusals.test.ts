import { describe, it } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import { auditPolicy } from 'nestjs-mikro-audit';
import { Customer, entities, expectRefusal, Invoice, useRefusals } from './use-refusals.js';

const Stranger = defineEntity({ name: 'Stranger', properties: { id: p.integer().primary() } });

const { refusal } = useRefusals();

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

  it('for partOf by a relation that does not hold the key', async () => {
    const Slip = defineEntity({
      name: 'Slip',
      properties: {
        id: p.integer().primary(),
        customer: () => p.manyToOne(Account).targetKey('number'),
      },
    });
    const Account = defineEntity({
      name: 'Account',
      properties: { id: p.integer().primary(), number: p.integer().unique() },
    });
    const policies = [auditPolicy(Slip as never, { partOf: 'customer' as never })];
    await expectRefusal(refusal({ policies }, { entities: [...entities, Slip, Account] }), [
      `@Audited({ partOf: 'customer' }) of Slip names a relation by "number", which is not the key of Account.`,
      'name a relation that holds it',
    ]);
  });

  it('for a mask of a kind that does not exist', async () => {
    const options = { mask: { name: 'blur' as 'redact' } };
    await expectRefusal(
      Promise.resolve()
        .then(() => refusal({ policies: [auditPolicy(Customer, options)] }))
        .catch((error) => error),
      ['does not know the mask "blur" of "name"', 'Use one of: redact, last4, hash, false.'],
    );
  });
});
