import { useEffect, useState } from 'preact/hooks';
import { entityPath } from '../api/api-client.js';
import { partTypes } from '../model/access.js';
import type { ChangeWithRevision, Page } from '../model/trail.js';
import { useViewer } from '../state/viewer-context.js';
import { Icon } from './icon.js';

interface EntityNewsProps {
  readonly type: string;
  readonly id: string;
  readonly onShow: () => void;
}

/** Says that the story has gone on since the page was loaded. */
export function EntityNews({ type, id, onShow }: EntityNewsProps) {
  const { access, api, cache, live } = useViewer();
  const [hasNews, setNews] = useState(false);
  useEffect(() => {
    const control = new AbortController();
    const newest = async (): Promise<string | null> => {
      const path = entityPath(type, id, '/history-with-parts');
      const page = await api.get<Page<ChangeWithRevision>>(
        path,
        new URLSearchParams({ limit: '1' }),
        control.signal,
      );
      return page.items[0]?.id ?? null;
    };
    const known = newest();
    // A failure shows nothing: the next arrival asks again.
    const look = async (): Promise<void> => setNews((await newest()) !== (await known));
    known.catch(() => undefined);
    const concerns = [type, ...partTypes(access, type)];
    const stop = live.onArrival((types) => {
      if (types === null || types.some((one) => concerns.includes(one))) void look().catch(() => undefined);
    });
    return () => {
      control.abort();
      stop();
    };
  }, [access, api, live, type, id]);
  const show = (): void => {
    cache.clear();
    onShow();
  };
  return (
    <div class="arrivals" role="status">
      {hasNews && (
        <button type="button" class="pill" id="show-arrived" onClick={show}>
          <Icon name="up" /> Changed since, show
        </button>
      )}
    </div>
  );
}
