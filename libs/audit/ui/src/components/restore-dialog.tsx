import { useEffect, useState } from 'preact/hooks';
import { type Problem, toProblem } from '../api/problem.js';
import type { RestorePlan } from '../model/trail.js';
import { useViewer } from '../state/viewer-context.js';
import { Modal } from './modal.js';
import { ProblemState, Skeleton } from './page-states.js';
import { PlanView } from './plan-view.js';

export interface RestoreTarget {
  /** Path of the API below which the plan and the restore are. */
  readonly path: string;
  /** What the plan is asked for. */
  readonly body: object;
  /** Heading of the dialog. */
  readonly title: string;
}

/** What a restore would do, and the reason for it. */
export function RestoreDialog({
  path,
  body,
  title,
  onClose,
}: RestoreTarget & { readonly onClose: () => void }) {
  const { api, cache, navigation, announce } = useViewer();
  const [accept, setAccept] = useState<readonly string[]>([]);
  const [plan, setPlan] = useState<RestorePlan | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const wanted = JSON.stringify({ ...body, ...(accept.length > 0 && { accept }) });

  useEffect(() => {
    let isCurrent = true;
    api.post<RestorePlan>(`${path}/restore-plan`, JSON.parse(wanted)).then(
      (next) => isCurrent && setPlan(next),
      (error: unknown) => isCurrent && setProblem(toProblem(error)),
    );
    return () => {
      isCurrent = false;
    };
  }, [api, path, wanted, attempt]);

  const retry = (): void => {
    setProblem(null);
    setPlan(null);
    setAttempt((count) => count + 1);
  };

  const restore = async (): Promise<void> => {
    if (plan === null) return;
    setBusy(true);
    try {
      const { revisionId } = await api.post<{ readonly revisionId: string | null }>(`${path}/restore`, {
        token: plan.token,
        ...(reason.trim() !== '' && { reason: reason.trim() }),
      });
      cache.clear();
      announce('Restored');
      onClose();
      if (revisionId !== null) navigation.go({ page: 'revision', id: revisionId });
    } catch (error) {
      setProblem(toProblem(error));
    } finally {
      setBusy(false);
    }
  };

  const isNothing = plan?.steps.every(({ operation }) => operation === 'none') ?? true;
  return (
    <Modal title={title} onClose={onClose}>
      <div class="modal-body">
        {problem !== null && <ProblemState problem={problem} onRetry={retry} />}
        {plan === null && problem === null && <Skeleton lines={3} />}
        {plan !== null && problem === null && <PlanView plan={plan} accept={accept} onAccept={setAccept} />}
      </div>
      {plan !== null && problem === null && (
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
              disabled={plan.blocked || isNothing || isBusy}
            >
              {isBusy ? 'Restoring…' : 'Restore'}
            </button>
          </div>
        </form>
      )}
    </Modal>
  );
}
