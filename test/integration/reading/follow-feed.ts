import type { FeedItem, FeedQuery } from 'nestjs-mikro-audit';
import type { AuditedApp } from '../../support/audited-app.js';
import { sequence } from '../../support/sequenced.js';

/** Everything of the feed behind a position, once all that is committed has one. */
export async function followFeed(
  audited: Pick<AuditedApp, 'app' | 'reader'>,
  after: FeedQuery['after'],
  limit = 50,
): Promise<readonly FeedItem[]> {
  await sequence(audited.app);
  const items: FeedItem[] = [];
  for (let query: FeedQuery = { after, limit }; ; ) {
    const page = await audited.reader.feed(query);
    items.push(...page.items);
    if (!page.hasMore) {
      return items;
    }
    query = { after: page.position, limit };
  }
}
