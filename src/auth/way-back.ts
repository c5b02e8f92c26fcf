/** Where a person goes who has signed in: the viewer of the trail. */
const START = '/audit/ui/';

/** The path to return to after signing in; that of another site leads to the start. */
export function wayBack(path: string | undefined): string {
  const here = 'http://here';
  const url = URL.canParse(path ?? '', here) ? new URL(path ?? '', here) : null;
  return path?.startsWith('/') && url?.origin === here ? url.pathname + url.search : START;
}
