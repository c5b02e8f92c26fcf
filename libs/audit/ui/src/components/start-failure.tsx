import type { Problem } from '../api/problem.js';
import type { ViewerSettings } from '../api/viewer-settings.js';
import { ProblemState } from './page-states.js';

interface StartFailureProps {
  readonly problem: Problem;
  readonly settings: ViewerSettings;
}

/** Shown when the page cannot even learn what the reader may do, such as before signing in. */
export function StartFailure({ problem, settings }: StartFailureProps) {
  return (
    <main class="single">
      <h1 class="page-title">{settings.title ?? 'Audit trail'}</h1>
      <ProblemState problem={problem} settings={settings} onRetry={() => window.location.reload()} />
    </main>
  );
}
