import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import type { Problem } from '../api/problem.js';
import type { ViewerSettings } from '../api/viewer-settings.js';
import { ViewerContext } from '../state/viewer-context.js';

/** Grey lines where something will be. */
export function Skeleton({ lines = 5 }: { readonly lines?: number }) {
  return (
    <div class="skeleton">
      <p class="visually-hidden">Loading…</p>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} class="skeleton-row" aria-hidden="true">
          <span class="skeleton-face" />
          <span class="skeleton-line" />
        </div>
      ))}
    </div>
  );
}

/** Nothing to show, and what to do about it. */
export function EmptyState({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="state">
      <p class="state-title">{title}</p>
      {children}
    </div>
  );
}

interface ProblemStateProps {
  readonly problem: Problem;
  readonly onRetry?: () => void;
  /** For where there is no `ViewerContext` yet. */
  readonly settings?: ViewerSettings;
}

/** The failure, in the words of the server's problem document. */
export function ProblemState({ problem, onRetry, settings }: ProblemStateProps) {
  const viewer = useContext(ViewerContext);
  const signInUrl = (settings ?? viewer?.settings)?.signInUrl;
  const isSignedOut = problem.status === 401;
  return (
    <div class="state state-problem" role="alert">
      <p class="state-title">{isSignedOut ? 'You are not signed in' : problem.title}</p>
      {problem.detail !== '' && problem.detail !== problem.title && <p>{problem.detail}</p>}
      {problem.code !== null && <p class="code muted">{problem.code}</p>}
      <div class="state-actions">
        {isSignedOut && signInUrl !== undefined && (
          <a class="button button-primary" href={signInHref(signInUrl)}>
            Sign in
          </a>
        )}
        {onRetry !== undefined && (
          <button type="button" class="button" onClick={onRetry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}

/** The app's sign-in page, told where to come back to. */
function signInHref(signInUrl: string): string {
  const url = new URL(signInUrl, document.baseURI);
  url.searchParams.set('return', window.location.pathname + window.location.search);
  return url.href;
}
