import type { Route } from '../routing/route.js';
import { useViewer } from '../state/viewer-context.js';
import { Icon } from './icon.js';
import { Link } from './link.js';
import { LiveBadge } from './live-badge.js';
import { ThemeButton } from './theme-button.js';

/** Where the reader is, and what can be switched. */
export function AppHeader({ route, onHelp }: { readonly route: Route; readonly onHelp: () => void }) {
  const { access, settings } = useViewer();
  return (
    <header class="app-header">
      <button type="button" class="skip-link" onClick={() => document.getElementById('content')?.focus()}>
        Skip to content
      </button>{' '}
      <div class="app-header-inner">
        <Link to={{ page: 'timeline' }} class="brand">
          <Mark />
          <span>{settings.title ?? 'Audit trail'}</span>
        </Link>
        {(access.permissions.list || access.permissions.coverage) && (
          <nav class="app-nav" aria-label="Main">
            {access.permissions.list && (
              <>
                <Link to={{ page: 'timeline' }} current={route.page === 'timeline'}>
                  Timeline
                </Link>
                <Link to={{ page: 'activity' }} current={route.page === 'activity'}>
                  Activity
                </Link>
              </>
            )}
            {access.permissions.coverage && (
              <Link to={{ page: 'coverage' }} current={route.page === 'coverage'}>
                Coverage
              </Link>
            )}
          </nav>
        )}
        <div class="app-tools">
          {access.permissions.list && <LiveBadge />}
          {settings.homeUrl !== undefined && (
            <a class="muted-link home-link" href={settings.homeUrl} title="Back to the app">
              <Icon name="exit" /> <span>Back to the app</span>
            </a>
          )}
          <ThemeButton />
          <button
            type="button"
            class="quiet-button"
            aria-label="Keyboard shortcuts"
            title="Keyboard shortcuts (?)"
            onClick={onHelp}
          >
            <Icon name="help" />
          </button>
        </div>
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true" focusable="false">
      <rect class="mark-ground" width="32" height="32" rx="8" />
      <path class="mark-line" d="M10 7v18" />
      <circle class="mark-dot" cx="10" cy="10" r="3" />
      <circle class="mark-dot" cx="10" cy="21" r="3" />
      <path class="mark-text" d="M16.5 10h8M16.5 21h5.5" />
    </svg>
  );
}
