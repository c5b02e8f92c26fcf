import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Problem, toProblem } from '../api/problem.js';
import type { RestorePlan } from '../model/trail.js';
import { useViewer } from './viewer-context.js';

interface Answer {
  /** The request. */
  readonly wanted: string;
  readonly plan?: RestorePlan;
  readonly problem?: Problem;
}

export interface PlanState {
  /** The plan of what is asked for now; while that is on its way, the one before. */
  readonly plan: RestorePlan | undefined;
  readonly problem: Problem | undefined;
  /** Whether `plan` is what is asked for now. Only then may it be carried out. */
  readonly isCurrent: boolean;
  readonly reload: () => void;
}

/**
 * The plan of a restore, anew whenever something else is asked for.
 * @param path of the API that restores; the one that plans ends with `-plan`
 * @param request null asks for nothing
 */
export function useRestorePlan(path: string, request: object | null): PlanState {
  const { api } = useViewer();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [attempt, setAttempt] = useState(0);
  const wanted = request === null ? null : JSON.stringify(request);
  useEffect(() => {
    if (wanted === null) return;
    let isWanted = true;
    api.post<RestorePlan>(`${path}-plan`, JSON.parse(wanted)).then(
      (plan) => isWanted && setAnswer({ wanted, plan }),
      (error: unknown) => isWanted && setAnswer({ wanted, problem: toProblem(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [api, path, wanted, attempt]);
  const reload = useCallback(() => {
    setAnswer(null);
    setAttempt((count) => count + 1);
  }, []);
  const isAnswered = wanted !== null && answer?.wanted === wanted;
  return {
    plan: answer?.plan,
    problem: isAnswered ? answer.problem : undefined,
    isCurrent: isAnswered && answer.plan !== undefined,
    reload,
  };
}
