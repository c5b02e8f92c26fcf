import { type Route, readRoute, writeRoute } from '../routing/route.js';

/** Where the reader is: a page and its query string. */
export interface Place {
  readonly route: Route;
  readonly query: URLSearchParams;
}

/** The address bar, as places of the viewer. */
export class Navigation {
  private readonly listeners = new Set<(place: Place, isNewPage: boolean) => void>();

  /** @param root URL of the viewer, with a slash at its end */
  constructor(private readonly root: URL) {}

  get place(): Place {
    const { pathname, search } = window.location;
    return {
      route: readRoute(pathname.slice(this.root.pathname.length)),
      query: new URLSearchParams(search),
    };
  }

  href(route: Route, query?: URLSearchParams): string {
    const url = new URL(this.root);
    url.pathname += writeRoute(route);
    url.search = query?.toString() ?? '';
    return url.href;
  }

  /** @param replace leaves no step to go back to */
  go(route: Route, query?: URLSearchParams, options: { readonly replace?: boolean } = {}): void {
    const href = this.href(route, query);
    if (href === window.location.href) return;
    const before = window.location.pathname;
    if (options.replace) window.history.replaceState(null, '', href);
    else window.history.pushState(null, '', href);
    this.tell(before !== window.location.pathname);
  }

  /** Calls back after every move, until the returned function is called. */
  listen(listener: (place: Place, isNewPage: boolean) => void): () => void {
    const moved = (): void => this.tell(false);
    if (this.listeners.size === 0) window.addEventListener('popstate', moved);
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      window.removeEventListener('popstate', moved);
    };
  }

  private tell(isNewPage: boolean): void {
    for (const listener of this.listeners) listener(this.place, isNewPage);
  }
}
