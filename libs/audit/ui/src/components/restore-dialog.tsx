import { useEffect, useState } from 'preact/hooks';
import { type Problem, toProblem } from '../api/problem.js';
import { useRestorePlan } from '../state/use-restore-plan.js';
import { useViewer } from '../state/viewer-context.js';
import { planSummary } from '../values/plan-summary.js';
import { Modal } from './modal.js';
import { ProblemState, Skeleton } from './page-states.js';
import { PlanConflicts } from './plan-conflicts.js';
import { PlanSteps } from './plan-steps.js';
import { RestoreChoices, type RestoreScope } from './restore-choices.js';

export interface RestoreTarget {
  /** Path of the API that restores; the one that plans ends with `-plan`. */
  readonly path: string;
  /** The request of the plan. */
  readonly body: object;
  /** Heading of the dialog. */
  readonly title: string;
  /** Whether it is one entity, of which a part can be meant, or what belongs to it too. */
  readonly isEntity: boolean;
}

const EVERYTHING: RestoreScope = { withChildren: false, properties: null };

/** The effects of a restore, the part that is meant, and the reason for it. */
export function RestoreDialog({
  path,
  body,
  title,
  isEntity,
  onClose,
}: RestoreTarget & { readonly onClose: () => void }) {
  const { api, cache, navigation, announce } = useViewer();
  const [accept, setAccept] = useState<readonly string[]>([]);
  const [scope, setScope] = useState(EVERYTHING);
  const [offered, setOffered] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<Problem | null>(null);
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const { properties, withChildren } = scope;
  const isNothingChosen = properties?.length === 0;
  const { plan, isCurrent, problem, reload } = useRestorePlan(
    path,
    isNothingChosen
      ? null
      : {
          ...body,
          ...(withChildren && { withChildren }),
          ...(properties !== null && { property: properties }),
          ...(accept.length > 0 && { accept }),
        },
  );
  const shownProblem = failure ?? problem;

  useEffect(() => {
    const [first] = plan?.steps ?? [];
    // Of a plan for some properties one cannot tell what else there is to restore.
    if (isEntity && isCurrent && properties === null && first?.operation === 'update')
      setOffered(first.values.map((value) => value.path));
  }, [isEntity, isCurrent, plan, properties]);

  const retry = (): void => {
    setFailure(null);
    reload();
  };

  const restore = async (): Promise<void> => {
    if (plan === undefined) return;
    setBusy(true);
    try {
      const { revisionId } = await api.post<{ readonly revisionId: string | null }>(path, {
        token: plan.token,
        ...(reason.trim() !== '' && { reason: reason.trim() }),
      });
      cache.clear();
      announce('Restored');
      onClose();
      if (revisionId !== null) navigation.go({ page: 'revision', id: revisionId });
    } catch (error) {
      setFailure(toProblem(error));
    } finally {
      setBusy(false);
    }
  };

  const isNothing = plan?.steps.every(({ operation }) => operation === 'none') ?? true;
  return (
    <Modal title={title} onClose={onClose}>
      <div class="modal-body">
        {isEntity && <RestoreChoices scope={scope} offered={offered} onChange={setScope} />}
        <p class="plan-summary" role="status">
          {isNothingChosen ? 'Choose at least one property.' : isCurrent && plan && planSummary(plan)}
        </p>
        {shownProblem !== undefined && <ProblemState problem={shownProblem} onRetry={retry} />}
        {plan === undefined && shownProblem === undefined && !isNothingChosen && <Skeleton lines={3} />}
        {plan !== undefined && shownProblem === undefined && !isNothingChosen && (
          <div class={isCurrent ? 'plan' : 'plan plan-stale'} aria-busy={!isCurrent}>
            <PlanConflicts conflicts={plan.conflicts} accept={accept} onAccept={setAccept} />
            <PlanSteps steps={plan.steps} />
          </div>
        )}
      </div>
      {plan !== undefined && shownProblem === undefined && (
        <form
          class="modal-foot"
          onSubmit={(event) => {
            event.preventDefault();
            void restore();
          }}
        >
          <div class="field">
            <label for="restore-reason">Reason, kept in the trail</label>
            <textarea
              id="restore-reason"
              rows={2}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </div>
          <div class="modal-actions">
            <button type="button" class="button" onClick={onClose}>
              Cancel
            </button>
            <button
              type="submit"
              class="button button-primary"
              disabled={!isCurrent || plan.blocked || isNothing || isBusy}
            >
              {isBusy ? 'Restoring…' : 'Restore'}
            </button>
          </div>
        </form>
      )}
    </Modal>
  );
}
