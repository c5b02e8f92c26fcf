import type { RestoreStep } from '../model/trail.js';
import { EntityLink } from './entity-link.js';
import { FieldDiff } from './field-diff.js';

const VERBS = {
  create: 'Create again',
  update: 'Change back',
  delete: 'Delete',
} as const;
const SIDES = { create: 'after', update: 'both', delete: 'before' } as const;

/** The effects of a restore, entity by entity. */
export function PlanSteps({ steps }: { readonly steps: readonly RestoreStep[] }) {
  return (
    <>
      {steps.map((step) =>
        step.operation === 'none' ? null : (
          <Step key={`${step.entityType} ${step.entityId}`} step={step} operation={step.operation} />
        ),
      )}
    </>
  );
}

interface StepProps {
  readonly step: RestoreStep;
  readonly operation: Exclude<RestoreStep['operation'], 'none'>;
}

function Step({ step, operation }: StepProps) {
  const targets = Object.fromEntries(step.values.map(({ path, labels }) => [path, labels]));
  return (
    <section class="change-card">
      <header class="change-head">
        <span class={`operation operation-${operation}`}>{VERBS[operation]}</span>
        <EntityLink type={step.entityType} id={step.entityId} label={step.label} />
      </header>
      <FieldDiff
        entityType={step.entityType}
        fields={step.values}
        labels={{ own: step.label, targets }}
        sides={SIDES[operation]}
        headings={['Now', 'Restored']}
        caption={`Effect of restoring on ${step.entityType} ${step.entityId}`}
      />
    </section>
  );
}
