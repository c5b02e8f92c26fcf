import { afterAll, beforeAll, expect } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import type { Options } from '@mikro-orm/postgresql';
import { AuditConfigurationError, type AuditModuleOptions } from 'nestjs-mikro-audit';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { TestEntity } from '../../support/test-entity.js';
import { refusalWith } from './boot-app.js';

export const Customer = defineEntity({
  name: 'Customer',
  properties: { id: p.integer().primary(), name: p.string() },
});
export const Invoice = defineEntity({
  name: 'Invoice',
  properties: {
    id: p.integer().primary(),
    iban: p.string(),
    customer: () => p.manyToOne(Customer),
    copies: () => p.manyToMany(Customer).pivotTable('invoice_copies'),
  },
});
export const entities = [Customer, Invoice];

/** A database for apps that do not start, and what they say. */
export function useRefusals() {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });
  const refusal = (
    options: AuditModuleOptions,
    rest: {
      readonly entities?: readonly TestEntity[];
      readonly orm?: Options;
      readonly withAuditEntities?: boolean;
    } = {},
  ): Promise<unknown> => refusalWith({ url: database.url, entities, ...rest }, options);
  return { refusal, urlOf: () => database.url };
}

/** Asserts that the app refuses to start and that the message holds all of these parts. */
export async function expectRefusal(refusal: Promise<unknown>, parts: readonly string[]): Promise<void> {
  const error = await refusal;
  expect(error).toBeInstanceOf(AuditConfigurationError);
  const { message, code } = error as AuditConfigurationError;
  expect(code).toBe('AUDIT_CONFIGURATION');
  for (const part of ['[AUDIT_CONFIGURATION] ', ...parts]) {
    expect(message).toContain(part);
  }
}
