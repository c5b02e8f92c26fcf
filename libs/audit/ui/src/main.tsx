import { render } from 'preact';
import { ApiClient } from './api/api-client.js';
import { LiveEvents } from './api/live-events.js';
import { toProblem } from './api/problem.js';
import { loadHook, readSettings, type ViewerSettings } from './api/viewer-settings.js';
import { App } from './components/app.js';
import { StartFailure } from './components/start-failure.js';
import type { Access } from './model/access.js';
import { Navigation } from './state/navigation.js';
import { readPreference } from './state/preference.js';
import { ResourceCache } from './state/resource-cache.js';
import { showTextsPlainly } from './values/shown-texts.js';

// The bundle lies in assets/ of the viewer's folder and the API one folder above, wherever a proxy puts them. Not
// document.baseURI: it moves with the address bar.
const root = new URL('..', import.meta.url);

async function start(element: HTMLElement, settings: ViewerSettings): Promise<void> {
  const api = new ApiClient(new URL('..', root), await loadHook(settings));
  const access = sorted(await api.get<Access>('access'));
  const services = {
    api,
    access,
    settings,
    live: new LiveEvents(api, access.permissions.list),
    navigation: new Navigation(root),
    cache: new ResourceCache(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  render(<App services={services} />, element);
}

/** Entity types in the order of their names: that is where people look for them. */
function sorted(access: Access): Access {
  return { ...access, entities: access.entities.toSorted((a, b) => a.type.localeCompare(b.type)) };
}

showTextsPlainly();
const element = document.getElementById('viewer');
const settings = readSettings(document.querySelector<HTMLMetaElement>('meta[name=audit-viewer]')?.content);
document.documentElement.dataset.theme = readPreference('theme') ?? 'auto';
if (element !== null) {
  start(element, settings).catch((error: unknown) => {
    render(<StartFailure problem={toProblem(error)} settings={settings} />, element);
  });
}
