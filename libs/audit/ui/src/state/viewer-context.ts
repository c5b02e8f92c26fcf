import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ApiClient } from '../api/api-client.js';
import type { LiveEvents } from '../api/live-events.js';
import type { ViewerSettings } from '../api/viewer-settings.js';
import type { Access } from '../model/access.js';
import type { Navigation } from './navigation.js';
import type { ResourceCache } from './resource-cache.js';

/** The values that every part of the page can reach. */
export interface Viewer {
  readonly api: ApiClient;
  readonly live: LiveEvents;
  readonly navigation: Navigation;
  readonly settings: ViewerSettings;
  readonly access: Access;
  readonly cache: ResourceCache;
  /** IANA name of the reader's time zone. */
  readonly timeZone: string;
  /** Says something to those who listen to the page. */
  readonly announce: (text: string) => void;
}

export const ViewerContext = createContext<Viewer | null>(null);

export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext);
  if (viewer === null) throw new Error('A component of the viewer stands outside of ViewerContext.');
  return viewer;
}
