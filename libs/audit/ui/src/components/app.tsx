import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Access, entityAccess } from '../model/access.js';
import { ActivityPage } from '../pages/activity-page.js';
import { CoveragePage } from '../pages/coverage-page.js';
import { EntityPage } from '../pages/entity-page.js';
import { LookupPage } from '../pages/lookup-page.js';
import { RevisionPage } from '../pages/revision-page.js';
import { TimelinePage } from '../pages/timeline-page.js';
import type { Route } from '../routing/route.js';
import type { Place } from '../state/navigation.js';
import { usePreference } from '../state/preference.js';
import { listenForShortcuts } from '../state/shortcuts.js';
import { useViewer, type Viewer, ViewerContext } from '../state/viewer-context.js';
import { AppHeader } from './app-header.js';
import { HelpDialog } from './help-dialog.js';
import { Link } from './link.js';
import { EmptyState } from './page-states.js';
import { PageTitle } from './page-title.js';

/** The whole page. */
export function App({ services }: { readonly services: Omit<Viewer, 'announce'> }) {
  const { navigation } = services;
  const [place, setPlace] = useState(navigation.place);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [spoken, setSpoken] = useState('');
  const [shortcuts, setShortcuts] = usePreference('shortcuts', 'on');
  const viewer = useMemo(() => ({ ...services, announce: setSpoken }), [services]);

  useEffect(
    () =>
      navigation.listen((next, isNewPage) => {
        setPlace(next);
        if (isNewPage) requestAnimationFrame(startReading);
      }),
    [navigation],
  );
  useEffect(() => {
    if (shortcuts !== 'on') return;
    return listenForShortcuts({
      help: () => setHelpOpen(true),
      timeline: () => navigation.go({ page: 'timeline' }),
      activity: () => navigation.go({ page: 'activity' }),
      coverage: () => navigation.go({ page: 'coverage' }),
    });
  }, [navigation, shortcuts]);

  return (
    <ViewerContext.Provider value={viewer}>
      <AppHeader route={place.route} onHelp={() => setHelpOpen(true)} />
      <main id="content" tabIndex={-1}>
        <CurrentPage place={place} />
      </main>
      <p class="visually-hidden" role="status">
        {spoken}
      </p>
      {isHelpOpen && (
        <HelpDialog
          areShortcutsOn={shortcuts === 'on'}
          onToggle={() => setShortcuts(shortcuts === 'on' ? 'off' : 'on')}
          onClose={() => setHelpOpen(false)}
        />
      )}
    </ViewerContext.Provider>
  );
}

function CurrentPage({ place: { route, query } }: { readonly place: Place }) {
  const { access } = useViewer();
  if (!access.permissions.list && (route.page === 'timeline' || route.page === 'activity')) {
    return <LookupPage />;
  }
  if (!mayOpen(access, route)) {
    return (
      <div class="single">
        <div class="page-head">
          <PageTitle title="Not shown to you" />
        </div>
        <EmptyState
          title={`You may not see the ${route.page === 'coverage' ? 'coverage' : 'history of this'}`}
        >
          <Link to={{ page: 'timeline' }} class="button">
            Go to the beginning
          </Link>
        </EmptyState>
      </div>
    );
  }
  switch (route.page) {
    case 'timeline':
      return <TimelinePage query={query} />;
    case 'activity':
      return <ActivityPage query={query} />;
    case 'coverage':
      return <CoveragePage />;
    case 'revision':
      return <RevisionPage key={route.id} id={route.id} />;
    case 'entity':
      return <EntityPage key={`${route.type} ${route.id}`} type={route.type} id={route.id} query={query} />;
    case 'unknown':
      return (
        <div class="single">
          <div class="page-head">
            <PageTitle title="Page not found" />
          </div>
          <EmptyState title="There is no such page">
            <Link to={{ page: 'timeline' }} class="button">
              Go to the beginning
            </Link>
          </EmptyState>
        </div>
      );
  }
}

/** The server would refuse, and record that somebody has tried. */
function mayOpen(access: Access, route: Route): boolean {
  switch (route.page) {
    case 'coverage':
      return access.permissions.coverage;
    case 'revision':
      return access.permissions.history;
    case 'entity':
      // Former names of entities are known to the server only.
      return (entityAccess(access, route.type) ?? access).permissions.history;
    default:
      return true;
  }
}

/** On a new page reading begins at its title, for eyes and for screen readers. */
function startReading(): void {
  window.scrollTo({ top: 0 });
  document.getElementById('page-title')?.focus({ preventScroll: true });
}
