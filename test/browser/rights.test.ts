import { describe, expect, it } from '@jest/globals';
import type { AuditAccess, AuditPermission } from 'nestjs-mikro-audit/http';
import { isSoak } from '../support/soak.js';
import { openBench } from './bench.js';

const ACTIONS: readonly AuditPermission[] = ['list', 'history', 'values', 'export', 'restore', 'coverage'];
const SUBSETS = ACTIONS.reduce<readonly (readonly AuditPermission[])[]>(
  (subsets, action) => subsets.flatMap((one) => [one, [...one, action]]),
  [[]],
);
/** All of them in a soak: each is looked at in a browser. */
const TRIED = isSoak
  ? SUBSETS.filter((actions) => actions.length > 0)
  : SUBSETS.filter((actions) => ['list', 'history', 'coverage'].includes(actions.join()));
const PAGES = [
  '',
  'activity',
  'coverage',
  'revisions/8',
  'entities/job/J-1',
  'entities/job/J-1?view=past',
  'entities/job/J-1?view=compare',
  'entities/job/J-1?view=blame',
  'entities/part/1',
];

/** The server refuses what a reader may not do, and records the attempt: nobody should make one by looking. */
describe('the viewer of a reader who may do some things only', () => {
  const bench = openBench();

  const look = (access: AuditAccess, path: string) =>
    bench.visit(
      path,
      async (page) => {
        await page.getByRole('heading', { level: 1 }).waitFor();
        while ((await page.locator('.skeleton').count()) > 0) {
          await page.locator('.skeleton').first().waitFor({ state: 'detached' });
        }
      },
      { access },
    );

  it.each(TRIED.map((actions) => ({ actions })))(
    'asks for nothing that is refused: $actions',
    async ({ actions }) => {
      for (const path of PAGES) {
        await look({ permissions: actions, entities: { '*': { within: 'all' } } }, path);
      }
      const denied = await bench.app.reader.revisions({ outcome: 'denied' });
      expect(denied.items).toEqual([]);
    },
  );
});
