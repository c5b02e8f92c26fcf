import { Inject, type MessageEvent, Req, Res, Sse } from '@nestjs/common';
import { exhaustMap, type Observable, takeUntil, timer } from 'rxjs';
import type { Gate } from '../gate/gate.js';
import { Gates } from '../gate/gates.js';
import type { Visible } from '../gate/visible.js';
import { ReaderSlots } from '../limits/reader-slots.js';
import { type HttpRequest, QueryParameters } from '../parameters/query-parameters.js';
import { RecordedRead } from '../reads/trail-reads.js';
import { AuditStream } from './audit-routes.decorator.js';
import { ClosingServer, type Sending } from './closing-server.js';
import { NeedsPermission } from './needs-permission.decorator.js';

const POLL_MILLISECONDS = 1_000;
/** A comment in so many polls without news, so that proxies do not take the silence for the end. */
const POLLS_PER_HEARTBEAT = 15;
/** Then the client comes again, and the policy of the app is asked again. */
const LIFETIME_MILLISECONDS = 300_000;

/** Revisions as they are committed, as server-sent events. */
@AuditStream('events')
export class EventsController {
  constructor(
    @Inject(Gates) private readonly gates: Gates,
    @Inject(ClosingServer) private readonly closing: ClosingServer,
    @Inject(ReaderSlots) private readonly slots: ReaderSlots,
  ) {}

  @Sse()
  @NeedsPermission('list')
  @RecordedRead({ action: 'audit.follow', whenServed: true })
  async events(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: Sending,
  ): Promise<Observable<Visible<readonly MessageEvent[]>>> {
    new QueryParameters(request, []);
    const sent = 'raw' in response ? response.raw : response;
    sent.once('close', await this.slots.take('eventStreams'));
    this.closing.closeWhenSent(response);
    const feed = new RevisionFeed(this.gates.of(request));
    await feed.begin([request.headers['last-event-id']].flat()[0]);
    return timer(0, POLL_MILLISECONDS).pipe(
      exhaustMap(() => feed.next()),
      takeUntil(timer(LIFETIME_MILLISECONDS)),
      // An app that shuts down does not wait for those who only listen.
      takeUntil(this.closing.begins),
    );
  }
}

/** What one listener has not heard yet. */
class RevisionFeed {
  private position: Parameters<Gate['feed']>[0] = null;
  private silentPolls = 0;

  constructor(private readonly gate: Gate) {}

  /** @param lastId of the event that the listener heard last; after one that it cannot have heard it begins with what comes now */
  async begin(lastId: string | undefined): Promise<void> {
    const isHeard = lastId !== undefined && /^\d{1,18}$/.test(lastId) && (await this.gate.lists(lastId));
    this.position = isHeard ? { revision: lastId } : await this.gate.feedEnd();
  }

  async next(): Promise<Visible<readonly MessageEvent[]>> {
    const { revisions, position } = await this.gate.feed(this.position);
    this.position = position;
    return revisions.map((items) => {
      this.silentPolls = items.length > 0 ? 0 : this.silentPolls + 1;
      return this.silentPolls % POLLS_PER_HEARTBEAT === 1
        ? [{ comment: 'listening' } as MessageEvent]
        : items.map((revision) => ({ type: 'revision', id: revision.id, data: revision }));
    });
  }
}
