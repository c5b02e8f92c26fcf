import type { EntityManager } from '@mikro-orm/postgresql';
import type { INestApplication } from '@nestjs/common';
import {
  type Actor,
  AuditBaseline,
  AuditContext,
  AuditHealth,
  type AuditReader,
  type AuditRestorer,
  AuditSequencer,
  type BaselineReport,
  type CheckStatus,
  type ReasonReader,
  type RestorePlan,
  systemActor,
  type TrailScope,
} from 'nestjs-mikro-audit';
import { type AuditExpectation, InMemoryAuditRecorder } from 'nestjs-mikro-audit/testing';
import { Customer, Invoice } from './options.js';

/** Work that a person has approved, with what is known of the approval. */
export function approved<T>(context: AuditContext, approver: Actor, request: string, work: () => T): T {
  return context.run(
    { actor: approver, authenticationMethod: 'webauthn', correlationId: request, reason: 'Approved.' },
    work,
  );
}

/** The actor, once it is known; null for nobody. */
export async function nameOfActor(context: AuditContext): Promise<string | null> {
  return (await context.actor())?.label ?? null;
}

/** A message whose envelope may be opened once: a second delivery is refused. */
export function handle(context: AuditContext, envelope: string, em: EntityManager): Promise<void> {
  return context.runWithEnvelopeOnce(envelope, () => em.flush());
}

/** For `reasonFrom`: a reason that a gateway puts into the request. */
export const ticketOf: ReasonReader = (request) => {
  const { ticket } = request as { readonly ticket?: unknown };
  return typeof ticket === 'string' ? `Ticket ${ticket}` : null;
};

/** A reader that may see the invoices of two customers, and whatever has the mark of its tenant. */
export const READABLE: TrailScope = {
  anyOf: [
    { entity: Invoice, partOf: { entity: Customer, id: 1 } },
    { entityType: 'Invoice', partOf: { entity: Customer, id: 2 } },
    { metadata: { tenant: 'acme' } },
  ],
};

/** How many changes the reader may see, where it is known at all. */
export async function countReadable(audit: AuditReader): Promise<number> {
  let count = 0;
  for await (const _ of audit.isAudited(Invoice) ? audit.allIds({ within: READABLE }) : []) {
    count += 1;
  }
  return count;
}

/** Where somebody begins who wants to hear of new changes only. */
export function beginning(audit: AuditReader): Promise<string> {
  return audit.feedEnd();
}

/** The plan of a token as it would be carried out now. */
export function look(restorer: AuditRestorer, token: string): Promise<RestorePlan> {
  return restorer.review(token);
}

export function checks(health: AuditHealth): Promise<readonly CheckStatus[]> {
  return health.status();
}

/** In a process that does nothing else, until it is told to end. */
export function givePositions(app: INestApplication, signal: AbortSignal): Promise<void> {
  return app.get(AuditSequencer).run(signal);
}

/** Of one tenant, in one database. */
export function beginTenant(baseline: AuditBaseline, schema: string): Promise<BaselineReport> {
  return baseline.run({ schema, instance: 'default', actor: systemActor('onboarding') });
}

/** In a test: everything that is to be known of a change. */
export const RENUMBERED: AuditExpectation<Invoice> = {
  entity: Invoice,
  before: { number: 'R-1' },
  after: { number: 'R-2' },
  actor: 'anna',
  onBehalfOf: null,
  reason: 'Typo.',
  outcome: 'success',
  correlationId: null,
};

/** In a unit test without a database, with the recorder that `provideAuditTesting()` gives to the app. */
export async function actionsOf(
  recorder: InMemoryAuditRecorder,
  work: () => Promise<unknown>,
): Promise<number> {
  await recorder.record({ action: 'test.begun' });
  recorder.clear();
  await work();
  return recorder.recorded.actions.length;
}
