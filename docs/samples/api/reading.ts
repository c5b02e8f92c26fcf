import type { EntityManager } from '@mikro-orm/postgresql';
import {
  type Activity,
  AuditChange,
  AuditCheckpoint,
  AuditEntityRead,
  AuditLeaf,
  AuditPosition,
  type AuditReader,
  type AuditRestorer,
  AuditTick,
  AuditTreeHash,
  type Change,
  type ChangeCounts,
  EntityLink,
  type FeedPage,
  type JsonValue,
  type RestoreLimits,
  type RestoreResult,
  UndecodableValue,
} from 'nestjs-mikro-audit';
import { Customer, Invoice } from './options.js';

/** Changes of the numbers of some invoices, by one clerk for another, that went through in a quarter. */
export async function renumbered(audit: AuditReader): Promise<readonly Change[]> {
  const { items } = await audit.changes({
    entity: Invoice,
    id: [1, 2, 3],
    property: 'number',
    operation: 'update',
    onBehalfOf: { type: 'user', id: '7' },
    action: 'invoice.renumber',
    outcome: 'success',
    from: new Date('2026-10-01'),
    until: new Date('2027-01-01'),
  });
  return items;
}

/** Changes with a word in their values, of one revision or one change. */
export async function found(
  audit: AuditReader,
  text: string,
  revisionId: string,
  changeId: string,
): Promise<number> {
  const within = await audit.changes({ entity: [Invoice, Customer], text, revisionId });
  const one = await audit.changes({ text, changeId });
  return within.items.length + one.items.length;
}

/** Everything that happened to a customer and its parts, and the revisions that undid another one. */
export async function aroundCustomer(
  audit: AuditReader,
  id: number,
  revisionId: string,
): Promise<readonly unknown[]> {
  const parts = await audit.changes({ partOf: { entity: Customer, id } });
  const undone = await audit.revisions({ restoredRevisionId: revisionId });
  return [...parts.items, ...undone.items];
}

/** Of a tenant that has a schema of its own. */
export async function ofTenant(audit: AuditReader, id: number, schema: string): Promise<readonly Change[]> {
  return (await audit.changes({ partOf: { entity: Customer, id, schema } })).items;
}

export function weekOf(audit: AuditReader, monday: Date): Promise<Activity> {
  return audit.activity({ entity: Invoice, from: monday, timeZone: 'Europe/Berlin' });
}

export function busiest(audit: AuditReader): Promise<ChangeCounts> {
  return audit.counts({ entity: [Invoice, Customer], by: 'actor' });
}

export function whoChanged(audit: AuditReader, id: number): Promise<ChangeCounts> {
  return audit.counts({ entity: Invoice, id, by: 'actor' });
}

/** The changes that come next in the order of commits; waits for them where there are none yet. */
export function next(audit: AuditReader, after: string | null): Promise<FeedPage> {
  return audit.feed({ entity: Invoice, after, limit: 100, wait: true });
}

/** A clerk may restore invoices without seeing their discounts, and learns nothing of anything else. */
export const CLERK: RestoreLimits = {
  mayRestore: (entityType) => entityType === 'Invoice',
  mayName: (entityType) => entityType === 'Invoice',
  hides: (_entityType, path) => path === 'discount',
  mayTouchUnaudited: false,
};

/** Brings an invoice back, with the values that the trail masks. */
export async function bringBack(
  restorer: AuditRestorer,
  em: EntityManager,
  id: number,
  iban: string,
): Promise<RestoreResult> {
  const plan = await restorer.planUndelete(Invoice, id, { limits: CLERK, values: { iban } });
  return restorer.apply(plan, { em, values: { iban }, limits: CLERK, reason: 'Deleted by mistake.' });
}

/** As a line of a list. */
export function shown(value: JsonValue | EntityLink | UndecodableValue): string {
  if (value instanceof EntityLink) {
    return `${value.className ?? 'something'} ${value.primaryKey}`;
  }
  return value instanceof UndecodableValue ? `(${value.kind})` : JSON.stringify(value);
}

/** Rows of each table of the trail, for a dashboard. */
export async function sizes(em: EntityManager): Promise<readonly number[]> {
  const tables = [
    AuditChange,
    AuditEntityRead,
    AuditPosition,
    AuditTick,
    AuditLeaf,
    AuditTreeHash,
    AuditCheckpoint,
  ];
  return Promise.all(tables.map((table) => em.count<object>(table)));
}
