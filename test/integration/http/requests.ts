import { expect } from '@jest/globals';
import type { Response } from 'supertest';

/** Searches of changes, and the entity types of the answers. */
export const SEARCHES: readonly (readonly [query: string, types: readonly string[]])[] = [
  ['entity=note', ['note']],
  ['entity=note&entity=topic', ['note', 'topic']],
  ['entity=case&id=1&operation=update', ['case']],
  ['partOf=case:1&operation=create', ['note', 'case']],
  ['actor=user:anna&entity=client', ['client']],
  ['actor=:anna&entity=client', ['client']],
  ['actor=system:', []],
  ['action=case.open&entity=topic', ['topic']],
  ['entity=case&property=place.city&operation=update', ['case']],
  ['entity=case&value=total:to:eq:"9007199254740993"', ['case']],
  ['entity=case&value=dueAt:to:gte:"2027-01-01T00:00:00Z"', ['case']],
  ['entity=case&value=fee:to:gt:"9"&value=title:to:in:["First"]', ['case']],
  ['entity=case&value=title:from:eq:"First"&value=title:to:eq:"First, renamed"', ['case']],
  ['entity=case&value=dueAt:to:isNull:true', []],
  ['entity=case&value=title&operation=update', ['case']],
  ['from=2000-01-01T00:00:00Z&until=2001-01-01T00:00:00%2B02:00', []],
  ['entity=client&text=acme', ['client']],
];

/** Requests that are refused: the status, and the parameter that the answer names. */
export const PROBLEMS: readonly (readonly [path: string, status: number, parameter: string | undefined])[] = [
  ['/changes?nope=1', 400, 'nope'],
  ['/changes?limit=0', 400, 'limit'],
  ['/changes?limit=501', 400, 'limit'],
  ['/changes?cursor=x', 400, 'cursor'],
  ['/changes?entity=nope', 400, 'entity'],
  ['/changes?order=up', 400, 'order'],
  ['/changes?from=yesterday', 400, 'from'],
  ['/changes?from=0000-01-01T00:00:00Z', 400, 'from'],
  ['/changes?entity=case&value=fee:to:gt:"1e999999"', 400, 'value'],
  ['/changes?entity=case&value=fee:to:gt:"much"', 400, 'value'],
  ['/changes?entity=case&value=id:to:gt:1e400', 400, 'value'],
  ['/changes?entity=case&value=dueAt:to:gt:"%2B275760-09-13T00:00:00Z"', 400, 'value'],
  ['/export?entity=case&value=fee:to:gt:"1e999999"', 400, 'value'],
  ['/changes?actor=anna', 400, 'actor'],
  ['/changes?partOf=case', 400, 'partOf'],
  ['/changes?operation=drop', 400, 'operation'],
  ['/changes?property=title', 400, 'property'],
  ['/changes?entity=case&property=nope', 400, 'property'],
  ['/changes?entity=case&value=title:to:like:"x"', 400, 'value'],
  ['/changes?entity=case&value=title:to:eq:x', 400, 'value'],
  ['/changes?entity=case&value=title:to:eq:1', 400, 'value'],
  ['/changes?action=a&action=b', 400, 'action'],
  ['/changes?action=%00', 400, 'action'],
  ['/counts', 400, 'by'],
  ['/counts?by=hour', 400, 'by'],
  ['/entities/case/latest', 400, 'id'],
  ['/entities/case/states?at=2027-01-01T00:00:00Z&id=1&limit=1', 400, 'limit'],
  ['/entities/case/1/history?property=nope', 400, 'property'],
  ['/revisions/one', 400, 'id'],
  ['/revisions/99999999999999999999', 400, 'id'],
  ['/revisions/999999', 404, undefined],
  ['/entities/nope/1/history', 404, undefined],
  ['/entities/case/1/state', 400, 'at'],
  ['/entities/case/1/state?at=2027-01-01', 400, 'at'],
  ['/entities/case/1/state?at=2027-01-01T00:00:00Z&populate=nope', 400, 'populate'],
  ['/entities/case/states?at=2027-01-01T00:00:00Z&where.nope=1', 400, 'property'],
  ['/entities/case/1/diff?from=2027-01-01T00:00:00Z', 400, 'to'],
  ['/nowhere', 404, undefined],
  ['', 404, undefined],
  ['/entities/case/1/nowhere', 404, undefined],
];

export function expectProblem(response: Response, status: number, parameter: string | undefined): void {
  expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  const { title, detail, code, type } = response.body;
  expect(response.body).toEqual({
    type,
    title,
    status,
    detail,
    code,
    ...(parameter === undefined ? {} : { parameter: expect.stringContaining(parameter) }),
  });
  expect([response.status, type, typeof title, typeof detail]).toEqual([
    status,
    'about:blank',
    'string',
    'string',
  ]);
  expect(code).toMatch(/^AUDIT_[A-Z0-9_]+$/);
}
