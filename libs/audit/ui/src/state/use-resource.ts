import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Problem, toProblem } from '../api/problem.js';
import { useViewer } from './viewer-context.js';

/** Something that is loaded: there, failed, or neither yet. */
export interface Resource<T> {
  readonly value: T | undefined;
  readonly problem: Problem | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

interface Loaded<T> {
  readonly key: string;
  readonly value?: T;
  readonly problem?: Problem;
}

/**
 * Loads what a key names, once per key; what was loaded before is there at the first render.
 * @param key all that `load` depends on; null loads nothing
 * @param keep whether the value of the key before stays until the next one is there
 */
export function useResource<T>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<T>,
  options: { readonly keep?: boolean } = {},
): Resource<T> {
  const { cache } = useViewer();
  const [loaded, setLoaded] = useState<Loaded<T> | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (key === null || cache.get(key) !== undefined) return;
    const control = new AbortController();
    load(control.signal).then(
      (value) => {
        cache.set(key, value);
        if (!control.signal.aborted) setLoaded({ key, value });
      },
      (error: unknown) => {
        if (!control.signal.aborted) setLoaded({ key, problem: toProblem(error) });
      },
    );
    return () => control.abort();
  }, [key, attempt]);
  const reload = useCallback(() => {
    setLoaded(null);
    setAttempt((count) => count + 1);
  }, []);
  const isCurrent = loaded?.key === key;
  const value =
    (key === null ? undefined : cache.get<T>(key)) ?? (isCurrent || options.keep ? loaded?.value : undefined);
  const problem = isCurrent ? loaded?.problem : undefined;
  return { value, problem, isLoading: key !== null && !isCurrent && cache.get(key) === undefined, reload };
}
