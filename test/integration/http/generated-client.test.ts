import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import createClient from 'openapi-fetch';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { Case } from '../../support/fixtures/law-firm.js';
import type { components, paths } from './audit-api.js';
import { createLawFirmApp, EVERYTHING, type LawFirmApp } from './law-firm-app.js';

const GENERATED = fileURLToPath(new URL('./audit-api.d.ts', import.meta.url));

describe('the OpenAPI document', () => {
  let firm: LawFirmApp;
  let document: OpenAPIObject;

  beforeAll(async () => {
    firm = await createLawFirmApp('express', { http: { security: ['bearer'] } });
    const description = new DocumentBuilder().setTitle('Law firm').addBearerAuth().addServer('/').build();
    document = SwaggerModule.createDocument(firm.app, description);
    const em = firm.orm.em.fork();
    const one = em.create(Case, { tenant: 'a', title: 'First' });
    await firm.context.run({ actor: { type: 'user', id: 'anna', label: 'Anna' } }, () => em.flush());
    one.title = 'Second';
    await firm.context.run({ actor: { type: 'user', id: 'ben', label: null } }, () => em.flush());
  });
  afterAll(() => firm?.close());

  it('gives the types that are checked in: AUDIT_UPDATE=1 writes them anew', async () => {
    const types = astToString(await openapiTypescript(document as Parameters<typeof openapiTypescript>[0]));
    if (process.env.AUDIT_UPDATE !== undefined) {
      writeFileSync(GENERATED, types);
    }
    expect(readFileSync(GENERATED, 'utf8')).toBe(types);
  });

  it('has nothing that a linter takes for an error', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lintFromString({ source: JSON.stringify(document), config });
    expect(problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  });

  it('has a schema with required members for every answer and body', () => {
    const operations = Object.values(document.paths).flatMap(({ get, post }) =>
      [get, post].flatMap((one) => one ?? []),
    );
    expect(operations.length).toBeGreaterThan(15);
    for (const { operationId, responses, requestBody, security } of operations) {
      const text = JSON.stringify({ responses, requestBody });
      expect([operationId, security]).toEqual([operationId, [{ bearer: [] }]]);
      expect([operationId, Object.keys(responses)]).toEqual([
        operationId,
        expect.arrayContaining(['200', '400', '401', '403', '422']),
      ]);
      for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
        expect([name, document.components?.schemas?.[name ?? '']]).toEqual([
          name,
          expect.objectContaining({ type: 'object' }),
        ]);
      }
    }
    expect(document.components?.schemas?.AuditChange).toMatchObject({
      required: expect.arrayContaining(['id', 'entityType', 'fields']),
    });
  });

  it('makes a client that lists, filters, plans and restores', async () => {
    const client = createClient<paths>({
      baseUrl: await firm.app.getUrl(),
      headers: { 'x-access': JSON.stringify(EVERYTHING) },
      querySerializer: { array: { style: 'form', explode: true }, object: { style: 'form', explode: true } },
    });
    const query = { entity: ['case'], operation: ['update' as const], actor: 'user:ben', limit: 5 };
    const listed = await client.GET('/audit/changes', { params: { query } });
    const change = first(listed.data?.items);
    expect([change.operation, change.revision.actor.id, change.fields.map(({ path }) => path)]).toEqual([
      'update',
      'ben',
      ['title'],
    ]);
    const states = await client.GET('/audit/entities/{type}/states', {
      params: {
        path: { type: 'case' },
        query: { at: '2999-01-01T00:00:00Z', where: { 'where.title': '"Second"' } },
      },
    });
    expect(states.data?.items).toMatchObject([{ title: 'Second' }]);
    const path = { type: 'case', id: change.entityId };
    const planned = await client.POST('/audit/entities/{type}/{id}/restore-plan', {
      params: { path },
      body: { to: { beforeRevision: change.revision.id } },
    });
    const plan = defined(planned.data);
    expect(first(plan.steps).values).toMatchObject([{ path: 'title', before: 'Second', after: 'First' }]);
    const apply = () =>
      client.POST('/audit/entities/{type}/{id}/restore', {
        params: { path },
        body: { token: plan.token, reason: 'a mistake' },
      });
    const restored = await apply();
    expect(restored.data?.revisionId).toMatch(/^\d+$/);
    const again = await apply();
    const problem: components['schemas']['AuditProblem'] = defined(again.error);
    expect([again.response.status, problem.code]).toEqual([409, 'AUDIT_RESTORE_STALE']);
  });
});

function defined<Value>(value: Value | undefined): Value {
  if (value === undefined) {
    throw new Error('There is none.');
  }
  return value;
}

function first<Item>(items: readonly Item[] | undefined): Item {
  return defined(items?.[0]);
}
