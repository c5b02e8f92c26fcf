import { setTimeout as pause } from 'node:timers/promises';
import { Get, Inject, Req, Res } from '@nestjs/common';
import type { Gate } from '../gate/gate.js';
import { Gates } from '../gate/gates.js';
import { type Visible, VisibleStream } from '../gate/visible.js';
import { ReaderSlots } from '../limits/reader-slots.js';
import { onceClosed, type Sending } from '../limits/sending.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import type { RevisionSummaryView } from '../view/revision-view.js';
import { AuditRoutes } from './audit-routes.decorator.js';
import { ClosingServer } from './closing-server.js';
import { NeedsPermission } from './needs-permission.decorator.js';

const POLL_MILLISECONDS = 1_000;
/** A comment in so many polls without news, so that proxies do not take the silence for the end. */
const POLLS_PER_HEARTBEAT = 15;
/** Then the client comes again, and the policy of the app is asked again. */
const LIFETIME_MILLISECONDS = 300_000;

const HEADERS = {
  'content-type': 'text/event-stream',
  // Compression and buffers hold events back until there are many.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** Revisions as they are committed, as server-sent events. */
@AuditRoutes('events')
export class EventsController {
  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(ClosingServer) private readonly closing: ClosingServer,
    @Inject(ReaderSlots) private readonly slots: ReaderSlots,
  ) {}

  @Get()
  @NeedsPermission('list')
  @RecordedRead({ action: 'audit.follow', whenServed: true })
  async events(@Req() request: HttpRequest, @Res() response: Sending): Promise<VisibleStream> {
    new QueryParameters(request, []);
    onceClosed(response, await this.slots.take('eventStreams'));
    const feed = new RevisionFeed(this.gates.of(request));
    await feed.begin([request.headers['last-event-id']].flat()[0]);
    // The first look is taken here, where what cannot be answered is still a problem and no broken stream.
    return new VisibleStream(this.news(await feed.next(), feed), HEADERS);
  }

  private async *news(first: News, feed: RevisionFeed): AsyncGenerator<Visible<string>, void> {
    const end = performance.now() + LIFETIME_MILLISECONDS;
    // An app that shuts down does not wait for those who only listen.
    const signal = this.closing.begins;
    for (let news = first; ; news = await feed.next()) {
      if (news !== null) {
        yield news;
      }
      await pause(POLL_MILLISECONDS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || performance.now() >= end) {
        return;
      }
    }
  }
}

/** Null where there is nothing to say. */
type News = Visible<string> | null;

/** The events that one listener has not heard yet. */
class RevisionFeed {
  private position: Parameters<Gate['feed']>[0] = null;
  private silentPolls = 0;

  constructor(private readonly gate: Gate) {}

  /** @param lastId of the event that the listener heard last; after one that it cannot have heard it begins with what comes now */
  async begin(lastId: string | undefined): Promise<void> {
    const isHeard = lastId !== undefined && /^\d{1,18}$/.test(lastId) && (await this.gate.lists(lastId));
    this.position = isHeard ? { revision: lastId } : await this.gate.feedEnd();
  }

  async next(): Promise<News> {
    const { revisions, position } = await this.gate.feed(this.position);
    this.position = position;
    if (revisions.content.length > 0) {
      this.silentPolls = 0;
      return revisions.map((items) => items.map(eventText).join(''));
    }
    this.silentPolls += 1;
    return this.silentPolls % POLLS_PER_HEARTBEAT === 1 ? revisions.map(() => ': listening\n\n') : null;
  }
}

/** As the HTML standard has it: JSON has no line end. */
function eventText(revision: RevisionSummaryView): string {
  return `event: revision\nid: ${revision.id}\ndata: ${JSON.stringify(revision)}\n\n`;
}
