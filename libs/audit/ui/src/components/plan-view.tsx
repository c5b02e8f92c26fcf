import type { RestoreConflict, RestorePlan, RestoreStep } from '../model/trail.js';
import { EntityLink } from './entity-link.js';
import { FieldDiff } from './field-diff.js';

const VERBS = {
  create: 'Create again',
  update: 'Change back',
  delete: 'Delete',
  none: 'Leave as it is',
} as const;
const SIDES = { create: 'after', update: 'both', delete: 'before', none: 'both' } as const;

interface PlanViewProps {
  readonly plan: RestorePlan;
  /** Kinds of conflicts that the reader has accepted. */
  readonly accept: readonly string[];
  readonly onAccept: (accept: readonly string[]) => void;
}

/** What a restore would do, step by step, and what stands in its way. */
export function PlanView({ plan, accept, onAccept }: PlanViewProps) {
  const steps = plan.steps.filter(({ operation }) => operation !== 'none');
  return (
    <>
      <Conflicts conflicts={plan.conflicts} accept={accept} onAccept={onAccept} />
      {steps.length === 0 && <p>Everything is already as it was: there is nothing to restore.</p>}
      {steps.map((step) => (
        <Step key={`${step.entityType} ${step.entityId}`} step={step} />
      ))}
    </>
  );
}

function Step({ step }: { readonly step: RestoreStep }) {
  const targets = Object.fromEntries(step.values.map(({ path, labels }) => [path, labels]));
  return (
    <section class="change-card">
      <header class="change-head">
        <span class={`operation operation-${step.operation}`}>{VERBS[step.operation]}</span>
        <EntityLink type={step.entityType} id={step.entityId} label={step.label} />
      </header>
      <FieldDiff
        entityType={step.entityType}
        fields={step.values}
        labels={{ own: step.label, targets }}
        sides={SIDES[step.operation]}
        headings={['Now', 'Restored']}
        caption={`What restoring does to ${step.entityType} ${step.entityId}`}
      />
    </section>
  );
}

interface ConflictsProps {
  readonly conflicts: readonly RestoreConflict[];
  readonly accept: readonly string[];
  readonly onAccept: (accept: readonly string[]) => void;
}

function Conflicts({ conflicts, accept, onAccept }: ConflictsProps) {
  if (conflicts.length === 0) return null;
  const acceptable = [...new Set(conflicts.filter((one) => one.acceptable).map(({ kind }) => kind))];
  return (
    <fieldset class="conflicts">
      <legend class="visually-hidden">Conflicts</legend>
      <ul>
        {conflicts.map((conflict) => (
          <li
            key={`${conflict.kind} ${conflict.entityType} ${conflict.entityId} ${conflict.path}`}
            class={`conflict conflict-${conflict.severity}`}
          >
            <strong>
              {conflict.severity === 'blocking'
                ? 'In the way: '
                : conflict.severity === 'accepted'
                  ? 'Accepted: '
                  : 'Note: '}
            </strong>
            {conflict.message}
          </li>
        ))}
      </ul>
      {acceptable.map((kind) => (
        <label key={kind} class="check">
          <input
            type="checkbox"
            checked={accept.includes(kind)}
            onChange={() =>
              onAccept(accept.includes(kind) ? accept.filter((one) => one !== kind) : [...accept, kind])
            }
          />
          <span>Restore nevertheless ({kind})</span>
        </label>
      ))}
    </fieldset>
  );
}
