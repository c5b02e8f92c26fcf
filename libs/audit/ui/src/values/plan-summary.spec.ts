import { describe, expect, it } from '@jest/globals';
import { planSummary } from './plan-summary.js';

const step = (operation: 'create' | 'update' | 'delete' | 'none') => ({
  entityType: 'job',
  entityId: '1',
  label: null,
  operation,
  values: [],
});

describe('the summary of a plan', () => {
  it('counts what becomes of the entities', () => {
    expect(planSummary({ steps: [step('update')], blocked: false })).toBe('1 entity is changed back.');
    expect(
      planSummary({
        steps: [step('delete'), step('create'), step('none'), step('update'), step('update')],
        blocked: true,
      }),
    ).toBe('2 entities are changed back, 1 is created again, 1 is deleted. Something is in the way.');
  });

  it('says when there is nothing to do', () => {
    expect(planSummary({ steps: [step('none')], blocked: false })).toMatch(/nothing to restore/);
  });
});
