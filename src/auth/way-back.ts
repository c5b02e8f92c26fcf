/** Where a person goes who has signed in: the viewer of the trail. */
const START = '/audit/ui/';

/** The path to return to after signing in; that of another site leads to the start. */
export function wayBack(path: string | undefined): string {
  const here = 'http://here';
  const url = URL.canParse(path ?? '', here) ? new URL(path ?? '', here) : null;
  // A path such as /.//host is of this site, but what URL makes of it begins with two slashes.
  const isOwn = path?.startsWith('/') && url?.origin === here && !url.pathname.startsWith('//');
  return isOwn ? url.pathname + url.search : START;
}
