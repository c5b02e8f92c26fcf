import type { EntityManager } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Controller, Get, UseInterceptors } from '@nestjs/common';
import {
  type Actor,
  AuditContextInterceptor,
  Audited,
  AuditMask,
  AuditModule,
  type AuditModuleOptions,
  AuditRecorder,
  auditPolicy,
  auditPrivileges,
  auditTriggers,
  CurrentActor,
  UNKNOWN_ACTOR,
} from 'nestjs-mikro-audit';

/** An invoice of which the trail has to be right also about what triggers of the database do. */
@Audited({
  label: 'number',
  exact: true,
  requireActor: true,
  requireReason: true,
  unrecordedWrites: 'refuse',
  formerly: { names: ['Bill'], properties: { number: 'no' } },
})
@Entity()
export class Invoice {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text' })
  number!: string;

  @AuditMask('last4')
  @Property({ type: 'text' })
  iban!: string;
}

/** A customer of another package, which carries no decorators. */
@Entity()
export class Customer {
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text' })
  email!: string;
}

export const policies = [auditPolicy(Customer, { recordReads: true, mask: { email: 'redact' } })];

export const options: AuditModuleOptions = {
  policies,
  secrets: { words: ['passphrase'], except: ['tokenizer'], texts: ['url', 'jwt'] },
  maxValueBytes: 16_384,
  maxBufferedChanges: 5_000,
  sendWithCommit: false,
  readFrom: 'primary',
  sequencer: false,
  unrecordedWrites: 'refuse',
  restoreKeys: ['a secret of at least 32 characters, from your vault'],
  allowWithoutAuditing: false,
  check: { every: 3_600, seconds: 30, sample: 0.1 },
  envelope: { keys: ['a secret of at least 32 characters, from your vault'], ttl: 600, once: true },
};

export const auditing = AuditModule.forRoot(options);

/** For `discovery.afterDiscovered` in the MikroORM configuration. */
export const triggers = auditTriggers({ policies, truncate: 'record', roles: ['shop_app'] });

export const privileges = auditPrivileges({
  owner: 'shop_owner',
  writer: 'shop_app',
  relay: 'shop_relay',
  sequencer: 'shop_sequencer',
  schema: 'public',
});

@Controller('me')
export class MeController {
  @Get()
  me(@CurrentActor() actor: Actor): { readonly isKnown: boolean } {
    return { isKnown: actor.type !== UNKNOWN_ACTOR.type };
  }
}

/** Handlers of a microservice that is connected without `inheritAppConfig`, so that no global interceptor runs. */
@Controller()
@UseInterceptors(AuditContextInterceptor)
export class FaxController {}

/** Records an action together with the changes of a transaction, or not at all. */
export function recordShipment(recorder: AuditRecorder, em: EntityManager): Promise<unknown> {
  return recorder.record({ action: 'shipment.handed-over' }, { em });
}
