import { type ApiClient, entityPath } from '../api/api-client.js';
import type { ChangeLabels, ChangeWithRevision, Page } from '../model/trail.js';

/** The versions of an entity, oldest first. */
export interface Versions {
  readonly items: readonly ChangeWithRevision[];
  /** Whether the oldest of them is the first there is. */
  readonly isComplete: boolean;
}

const PAGE = 200;
const MAX_PAGES = 5;

/** Loads the newest versions, a thousand at most. */
export async function loadVersions(
  api: ApiClient,
  type: string,
  id: string,
  signal?: AbortSignal,
): Promise<Versions> {
  const newestFirst: ChangeWithRevision[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(cursor !== null && { cursor }) });
    const next: Page<ChangeWithRevision> = await api.get(entityPath(type, id, '/history'), query, signal);
    newestFirst.push(...next.items);
    cursor = next.nextCursor;
    if (cursor === null) break;
  }
  return { items: newestFirst.reverse(), isComplete: cursor === null };
}

/** All labels that versions have given to what the entity referred to; later ones win. */
export function labelsOf(items: readonly ChangeWithRevision[]): ChangeLabels['targets'] {
  const all: Record<string, Record<string, string>> = {};
  for (const { labels } of items) {
    for (const [path, byId] of Object.entries(labels?.targets ?? {})) all[path] = { ...all[path], ...byId };
  }
  return all;
}

/** The last label of the entity; null when it never had one. */
export function lastLabel(items: readonly ChangeWithRevision[]): string | null {
  return items.findLast(({ labels }) => (labels?.own ?? null) !== null)?.labels?.own ?? null;
}
